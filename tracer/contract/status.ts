import assert from 'node:assert/strict';
import { SpanStatusCode } from '@opentelemetry/api';
import type { SpanStatus } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';

const { UNSET, OK, ERROR } = SpanStatusCode;

/** OK > ERROR > UNSET; a description belongs to errors alone (specification, Set Status). */
const SEQUENCES: [what: string, set: SpanStatus[], arrives: { code: SpanStatusCode; message: string }][] = [
  ['is unset unless it is set', [], { code: UNSET, message: '' }],
  ['may be ok', [{ code: OK }], { code: OK, message: '' }],
  ['may be an error with its description', [{ code: ERROR, message: 'why' }], { code: ERROR, message: 'why' }],
  ['may be an error without one', [{ code: ERROR }], { code: ERROR, message: '' }],
  ['has no description unless it is an error', [{ code: OK, message: 'fine' }], { code: OK, message: '' }],
  ['is never unset again', [{ code: ERROR, message: 'why' }, { code: UNSET }], { code: ERROR, message: 'why' }],
  [
    'is the last error',
    [
      { code: ERROR, message: 'a' },
      { code: ERROR, message: 'b' },
    ],
    { code: ERROR, message: 'b' },
  ],
  [
    'forgets the description of the error before',
    [{ code: ERROR, message: 'a' }, { code: ERROR }],
    { code: ERROR, message: '' },
  ],
  ['may turn from error to ok', [{ code: ERROR, message: 'why' }, { code: OK }], { code: OK, message: '' }],
  ['stays ok for ever', [{ code: OK }, { code: ERROR, message: 'why' }, { code: UNSET }], { code: OK, message: '' }],
];

export const status: Area = {
  title: 'the status of a span',
  behaviours: SEQUENCES.map(([what, set, arrives]) =>
    behaviour(what, async ({ tracer, span }) => {
      const started = tracer.startSpan('span');
      for (const each of set) started.setStatus(each);
      started.end();
      assert.deepEqual((await span()).status, arrives);
    }),
  ),
};
