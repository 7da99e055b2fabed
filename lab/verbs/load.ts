import { defineVerb, UsageError } from '@tracelab/command';
import type { AnyProgram } from '@tracelab/command';
import { askControl } from '../control-client.ts';
import type { LoadReply } from '../control/load-routes.ts';

export const load: AnyProgram = defineVerb({
  name: 'load',
  summary: 'Shows how many requests a second the shoppers send, or changes it.',
  parameters: [
    { name: 'rate', description: 'requests a second; 0 pauses the shoppers; without it nothing is changed' },
  ],
  settings: {},
  examples: ['npm run lab -- load', 'npm run lab -- load 20'],
  run: async ({ parameters, output }) => {
    const [text] = parameters;
    const reply = await (text === undefined
      ? askControl<LoadReply>('GET', '/_lab/load', 'applied')
      : askControl<LoadReply>('PUT', '/_lab/load', 'applied', { requestsPerSecond: readRate(text) }));
    output.result(
      reply,
      `shoppers: ${reply.requestsPerSecond} requests a second${reply.applied ? '' : ' (not yet: they are away)'}`,
    );
  },
});

function readRate(text: string): number {
  const rate = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(rate)) return rate;
  throw new UsageError(`the rate should be a number of requests a second: was "${text}"`);
}
