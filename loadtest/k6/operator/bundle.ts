import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ENTRY = fileURLToPath(new URL('../script/checkout.ts', import.meta.url));

/** Our k6 script and all that it imports as one file of plain JavaScript; k6's own modules stay imports. */
export async function bundleScript(): Promise<string> {
  await using bundle = await rolldown({
    input: ENTRY,
    external: [/^k6(\/|$)/],
    platform: 'neutral',
    onLog: (_level, log) => {
      throw new Error(`the k6 script could not be bundled: ${log.message}`);
    },
  });
  const { output } = await bundle.generate({ format: 'esm', comments: { jsdoc: false } });
  const [chunk, ...others] = output.filter((file) => file.type === 'chunk');
  if (chunk === undefined || others.length > 0)
    throw new Error(`the k6 script should be one file: rolldown made ${output.length}`);
  return chunk.code;
}
