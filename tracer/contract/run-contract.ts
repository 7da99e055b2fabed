import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { trace } from '@opentelemetry/api';
import { only } from '../test-kit/received-span.ts';
import type { Area, Behaviour, Difference, Traced } from './behaviour.ts';
import type { StartedSubject, Subject } from './subject.ts';

/** Registers every behaviour as a test of this subject; each area starts the subject anew. */
export function runContract(subject: Subject, areas: readonly Area[]): void {
  for (const area of areas) {
    describe(area.title, () => {
      let started: StartedSubject;
      before(async () => {
        started = await subject.start(area.environment ?? {});
      });
      after(() => started.shutdown());
      for (const behaviour of area.behaviours) {
        const difference = behaviour.differences[subject.name];
        const title = difference === undefined ? '' : ` — differs: ${difference.instead}`;
        it(behaviour.title + title, () => runBehaviour(started, behaviour, difference));
      }
    });
  }
}

async function runBehaviour(started: StartedSubject, behaviour: Behaviour, difference?: Difference): Promise<void> {
  const traced: Traced = {
    tracer: trace.getTracer('contract', '1.0.0'),
    spans: started.spans,
    span: async () => only(await started.spans()),
  };
  const run = async (): Promise<void> => behaviour.run(traced);
  try {
    if (difference === undefined) await run();
    else await assert.rejects(run, difference.shows, 'the difference is gone or another one: look at its mark');
  } finally {
    await started.spans().catch(() => []);
  }
}
