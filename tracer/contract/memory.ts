import assert from 'node:assert/strict';
import { setImmediate as immediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ROOT_CONTEXT, createTraceState, trace } from '@opentelemetry/api';
import type { Context, Tracer } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { REMOTE } from './remote-parent.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const ROUNDS_MAX = 20;
const SPANS = 20;
const TEXT_BYTES = 1024 * 1024;

/** Collects until the object is gone, or has stayed too long. */
async function isCollected(reference: WeakRef<object>): Promise<boolean> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    await immediate();
    collectGarbage();
    if (reference.deref() === undefined) return true;
  }
  return false;
}

async function bytesInUse(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await immediate();
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A context as a timer or a pooled connection keeps it, of a span that ended, and what the span was given. */
function endedSpanWithLink(tracer: Tracer): { kept: Context; link: WeakRef<object> } {
  const span = tracer.startSpan('span');
  const linked = { ...REMOTE, traceState: createTraceState('a=1') };
  span.addLink({ context: linked });
  span.end();
  return { kept: trace.setSpan(ROOT_CONTEXT, span), link: new WeakRef(linked) };
}

function endedSpanWithText(tracer: Tracer, index: number): Context {
  const span = tracer.startSpan('span');
  span.setAttribute('text', Buffer.alloc(TEXT_BYTES, 97 + index).toString('latin1'));
  span.end();
  return trace.setSpan(ROOT_CONTEXT, span);
}

function endedChild(tracer: Tracer): { kept: Context; parent: WeakRef<object> } {
  const parent = tracer.startSpan('parent');
  const child = tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, parent));
  child.end();
  parent.end();
  return { kept: trace.setSpan(ROOT_CONTEXT, child), parent: new WeakRef(parent) };
}

export const memory: Area = {
  title: 'a context that outlives its span',
  behaviours: [
    behaviour(
      'keeps nothing that the span was given alive',
      async ({ tracer, spans }) => {
        const { kept, link } = endedSpanWithLink(tracer);
        await spans();
        assert(await isCollected(link), 'the linked context is still alive');
        assert(trace.getSpanContext(kept));
      },
      { official: { instead: 'keeps all data of the span alive', see: 'dd-trace-js #9227', shows: /still alive/ } },
    ),
    behaviour(
      'keeps no attributes in memory',
      async ({ tracer, spans }) => {
        const before = await bytesInUse();
        const kept = Array.from({ length: SPANS }, (_, index) => endedSpanWithText(tracer, index));
        assert.equal((await spans()).length, SPANS);
        const grown = (await bytesInUse()) - before;
        assert(grown < (SPANS * TEXT_BYTES) / 2, `it kept ${grown} bytes`);
        assert.equal(kept.length, SPANS);
      },
      {
        official: { instead: 'keeps all data of the span alive', see: 'dd-trace-js #9227', shows: /it kept \d+ bytes/ },
      },
    ),
    behaviour('keeps no parent alive', async ({ tracer, spans }) => {
      const { kept, parent } = endedChild(tracer);
      await spans();
      assert(await isCollected(parent), 'the parent is still alive');
      assert(trace.getSpanContext(kept));
    }),
  ],
};
