// Starts the lab once on ports and data of its own and ends it again, so that the compile cache holds what every process
// loads: without it a first start takes longer and each process keeps the type stripper (docs/decisions/003).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase, launchProgram } from '@tracelab/command';

const data = await mkdtemp(join(tmpdir(), 'tracelab-warm-'));
const lab = launchProgram({
  name: 'lab',
  file: 'lab/main.ts',
  args: ['up'],
  env: { LAB_PORT_BASE: String(await freePortBase()), LAB_DATA_DIR: data, LAB_HOST: '127.0.0.1', LAB_TRACER: 'lab' },
});
try {
  await lab.ready;
} finally {
  await lab.stop(20_000);
  await rm(data, { recursive: true, force: true });
}
process.exit();
