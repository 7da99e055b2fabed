import { defineVerb, NotHeldError, UsageError, type AnyProgram } from '@tracelab/command';
import { isTraceId, portFor, type ErrorBody, type ExplainReply } from '@tracelab/protocol';
import { callHttp } from '../http-call.ts';
import { reachableHost } from '../processes.ts';
import { formatExplanation } from '../report/explanation.ts';

const ANSWER_LIMIT_MS = 10_000;

export const explain: AnyProgram = defineVerb({
  name: 'explain',
  summary: 'Tells why the collector kept or dropped a trace: who voted what, on which observed value.',
  parameters: [{ name: 'traceId', description: '32 hex digits, as the answer of a service or a log names it' }],
  settings: {},
  examples: ['npm run lab -- explain 4bf92f3577b34da6a3ce929d0e0e4736'],
  run: async ({ parameters, output }) => {
    const traceId = (parameters[0] ?? '').toLowerCase();
    if (!isTraceId(traceId))
      throw new UsageError(
        `a trace id should be 32 hex digits, not all zero: was "${parameters[0] ?? ''}"; try 'npm run lab -- explain <id>'`,
      );
    const reply = await askCollector(traceId);
    output.result(reply, formatExplanation(reply));
  },
});

async function askCollector(traceId: string): Promise<ExplainReply> {
  const url = `http://${reachableHost(process.env)}:${portFor('query', process.env)}`;
  const answer = await callHttp({
    method: 'GET',
    url: `${url}/api/lab/explain/${traceId}`,
    timeoutMs: ANSWER_LIMIT_MS,
  });
  if (!answer.reached)
    throw new NotHeldError(`no collector answers at ${url} (${answer.reason}): start it with 'npm start'`);
  const reply = answer.body as (Partial<ErrorBody> & Partial<ExplainReply>) | undefined | null;
  if (answer.status === 200 && reply?.traceId !== undefined) return reply as ExplainReply;
  throw new NotHeldError(reply?.error?.message ?? `what answers at ${url} is no collector (status ${answer.status})`);
}
