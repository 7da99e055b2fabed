import assert from 'node:assert/strict';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { TracerProvider } from '@opentelemetry/api';
import { named } from '../test-kit/received-span.ts';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { ODD_VALUES, careless } from './careless.ts';

const SCHEMA = 'https://example.com/schema/1';
/** The API's own getTracer hands no options on. */
const getTracer: TracerProvider['getTracer'] = (...asked) => trace.getTracerProvider().getTracer(...asked);

export const scopes: Area = {
  title: 'the scope of a span',
  behaviours: [
    behaviour('is the name, version and schema given to getTracer', async ({ span }) => {
      getTracer('library', '1.2.3', { schemaUrl: SCHEMA }).startSpan('span').end();
      const { scopeName, scopeVersion, scopeSchemaUrl } = await span();
      assert.deepEqual([scopeName, scopeVersion, scopeSchemaUrl], ['library', '1.2.3', SCHEMA]);
    }),
    behaviour('may be a name alone', async ({ span }) => {
      trace.getTracer('library').startSpan('span').end();
      const { scopeName, scopeVersion, scopeSchemaUrl } = await span();
      assert.deepEqual([scopeName, scopeVersion, scopeSchemaUrl], ['library', '', '']);
    }),
    behaviour('may be empty, and spans are made all the same', async ({ span }) => {
      trace.getTracer('').startSpan('span').end();
      assert.equal((await span()).scopeName, '');
    }),
    behaviour('is the same for tracers asked for twice', async ({ spans }) => {
      trace.getTracer('library', '1').startSpan('first').end();
      trace.getTracer('library', '1').startSpan('second').end();
      assert.deepEqual(
        (await spans()).map((span) => `${span.scopeName} ${span.scopeVersion}`),
        ['library 1', 'library 1'],
      );
    }),
    behaviour('keeps versions and schemas of one library apart', async ({ spans }) => {
      trace.getTracer('library', '1').startSpan('one').end();
      trace.getTracer('library', '2').startSpan('two').end();
      getTracer('library', '2', { schemaUrl: SCHEMA }).startSpan('three').end();
      const received = await spans();
      const scopeOf = (name: string): string =>
        `${named(received, name).scopeVersion} ${named(received, name).scopeSchemaUrl}`;
      assert.deepEqual(['one', 'two', 'three'].map(scopeOf), ['1 ', '2 ', `2 ${SCHEMA}`]);
    }),
    behaviour('does not tear a trace: children may come from another library', async ({ spans }) => {
      const root = trace.getTracer('server').startSpan('root');
      trace.getTracer('client').startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, root)).end();
      root.end();
      assert.equal(named(await spans(), 'child').parentSpanId, root.spanContext().spanId);
    }),
    behaviour(
      'may be asked for with anything',
      async ({ tracer, spans }) => {
        for (const odd of ODD_VALUES) getTracer(careless(odd), careless(odd), careless(odd)).startSpan('odd').end();
        tracer.startSpan('good').end();
        assert.equal((await spans()).length, ODD_VALUES.length + 1);
      },
      { official: { instead: 'throws for some values', shows: /Symbol|convert|read/ } },
    ),
  ],
};
