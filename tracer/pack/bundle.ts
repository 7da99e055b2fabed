import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const API = '@opentelemetry/api';
const path = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));

/**
 * Writes index.cjs, register.cjs and what both share into the folder, `protocol` inside, and returns the names that index
 * exports. CommonJS, because that is the one form that `import` and `require` load alike on every Node since 20, as one
 * instance; and `require` defers Node's own modules on each of them, where process.getBuiltinModule needs 20.16 or 22.3.
 */
export async function writeBundle(folder: string): Promise<string[]> {
  const bundle = await rolldown({
    input: { index: path('index.ts'), register: path('register.ts') },
    platform: 'node',
    external: [/^node:/, API],
    transform: { target: 'node20', define: { 'process.getBuiltinModule': 'require' } },
    onLog: (_level, log) => {
      throw new Error(`the tracer could not be bundled: ${log.message}`);
    },
  });
  const { output } = await bundle.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'tracer.cjs',
    comments: { annotation: false, jsdoc: false, legal: false },
  });
  await bundle.close();
  return output.flatMap((file) => (file.type === 'chunk' && file.name === 'index' ? file.exports : []));
}
