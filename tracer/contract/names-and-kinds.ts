import assert from 'node:assert/strict';
import { SpanKind } from '@opentelemetry/api';
import { SpanKind as OtlpKind } from '@tracelab/protocol';
import { named } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

export const namesAndKinds: Area = {
  title: 'the name and kind of a span',
  behaviours: [
    behaviour('are those given at the start', async ({ tracer, spans }) => {
      for (const [name, kind] of Object.entries(KINDS)) tracer.startSpan(name, { kind }).end();
      const received = await spans();
      for (const name of Object.keys(KINDS) as (keyof typeof KINDS)[])
        assert.equal(named(received, name).kind, OtlpKind[name]);
    }),
    behaviour('are internal and any text unless told otherwise', async ({ tracer, span }) => {
      tracer.startSpan('GET /käse/{id} 🧀').end();
      const received = await span();
      assert.deepEqual([received.name, received.kind], ['GET /käse/{id} 🧀', OtlpKind.internal]);
    }),
    behaviour('the name may be empty', async ({ tracer, span }) => {
      tracer.startSpan('').end();
      assert.equal((await span()).name, '');
    }),
    behaviour('the name changes with updateName, the last one stays', async ({ tracer, span }) => {
      tracer.startSpan('first').updateName('second').updateName('third').end();
      assert.equal((await span()).name, 'third');
    }),
  ],
};
