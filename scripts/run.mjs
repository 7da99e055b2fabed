// Runs a program of ours with the compile cache on: `node scripts/run.mjs lab/main.ts up`. Node caches stripped TypeScript
// there as well, so a warm start loads no type stripper (half the start-up CPU, 25 MB less: docs/decisions/003).
// JavaScript, because a TypeScript file could not switch the cache on before it has been stripped itself.
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [node, , file] = process.argv;
const root = resolve(import.meta.dirname, '..');
const cache = process.env.NODE_COMPILE_CACHE ?? resolve(root, '.tracelab', 'compile-cache');
enableCompileCache(cache);
process.argv = [node, resolve(root, file), ...process.argv.slice(3)];
await import(pathToFileURL(resolve(root, file)).href);
