/** `npm run -s pack:tracer`: packs the tracer as plain JavaScript and prints the tarball's path. */
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { packTracer } from './pack-tracer.ts';

const DEFAULT_FOLDER = join(fileURLToPath(new URL('../..', import.meta.url)), '.tracelab', 'pack');
const CALLED_WRONGLY = 2;

const HELP = `Packs @tracelab/tracer as plain JavaScript with types, for applications outside of this repository.

npm run -s pack:tracer [-- --out FOLDER --json]

  --out FOLDER  where the tarball goes, and the unpacked package beside it in package/, which is emptied first;
                default .tracelab/pack
  --json        print {"tarball", "folder"} instead of the tarball's path
  --help        print this`;

const { out, json, help } = readFlags();
if (help) console.log(HELP);
else {
  const tarball = await packTracer(out);
  console.log(json ? JSON.stringify({ tarball, folder: join(dirname(tarball), 'package') }) : tarball);
}

function readFlags(): { out: string; json: boolean; help: boolean } {
  try {
    return parseArgs({
      options: {
        out: { type: 'string', default: DEFAULT_FOLDER },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : String(cause)}\n\n${HELP}`);
    process.exit(CALLED_WRONGLY);
  }
}
