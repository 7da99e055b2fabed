import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  await using bundle = await rolldown({
    input: { index: path('index.ts'), register: path('register.ts') },
    platform: 'node',
    external: [/^node:/, API],
    transform: { target: 'node20', define: { 'process.getBuiltinModule': 'require' } },
    onLog: (_level, log) => {
      throw new Error(`the tracer could not be bundled: ${log.message}`);
    },
  });
  const { output } = await bundle.generate({
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'tracer.cjs',
    comments: { annotation: false, jsdoc: false, legal: false },
  });
  const chunks = output.filter((file) => file.type === 'chunk');
  for (const { fileName, code } of chunks) writeFileSync(join(folder, fileName), inAscii(code));
  return chunks.flatMap(({ name, exports }) => (name === 'index' ? exports : []));
}

/** V8 keeps a source of Latin letters alone in one byte each: half the memory, and a millisecond less at start. */
function inAscii(code: string): string {
  return code.replace(/[^\n\t -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
