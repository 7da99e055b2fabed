import { runVerbs } from '@tracelab/command';
import { compare } from './compare/verb.ts';
import { coverage } from './coverage/verb.ts';
import { k6Comparison } from './k6/comparison/verb.ts';
import { k6 } from './k6/run/verb.ts';
import { overhead } from './overhead/verb.ts';
import { attack } from './attack/verb.ts';
import { collectorCost } from './collector-cost/verb.ts';
import { hop } from './side-by-side/verb.ts';
import { spanBytes } from './span-bytes/verb.ts';
import { tailCost } from './tail-cost/verb.ts';
import { shop } from './shop/verb.ts';

await runVerbs({
  name: 'loadtest',
  summary: 'Load on the shop, and what tracing costs under it',
  verbs: [shop, attack, overhead, compare, coverage, hop, tailCost, collectorCost, spanBytes, k6, k6Comparison],
});
