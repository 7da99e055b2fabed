import { ExitCode, runVerbs } from '@tracelab/command';
import { capacity } from './verbs/capacity.ts';
import { clock } from './verbs/clock.ts';
import { control } from './verbs/control.ts';
import { explain } from './verbs/explain.ts';
import { faultAdd, faultClear, faultList } from './verbs/fault.ts';
import { load } from './verbs/load.ts';
import { attack, compare, overhead } from './verbs/loadtest.ts';
import { memory, processes } from './verbs/processes.ts';
import { tracing } from './verbs/tracing.ts';
import { up } from './verbs/up.ts';

const verbs = [
  up,
  control,
  faultAdd,
  faultList,
  faultClear,
  tracing,
  explain,
  clock,
  load,
  processes,
  memory,
  attack,
  overhead,
  compare,
  capacity,
];
const verb = process.argv[2] ?? '--help';

if (verb.startsWith('-') || verbs.some(({ name }) => name.split(' ')[0] === verb)) {
  await runVerbs({ name: 'lab', summary: 'The laboratory: starts it, breaks it on purpose, measures it.', verbs });
} else {
  process.stderr.write(`error: there is no verb "${verb}": there are ${verbs.map(({ name }) => name).join(', ')}\n`);
  process.exitCode = ExitCode.usage;
}
