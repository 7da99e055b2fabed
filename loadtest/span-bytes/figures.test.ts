import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { figuresOf } from './figures.ts';
import { renderSpanBytes } from './report.ts';

const requests = [new Uint8Array(600), new Uint8Array(400)];
const recording = { title: 'zeros', requests, spans: 10, traces: 2 };
const files = [
  { path: 'traces.sqlite', bytes: 3000 },
  { path: 'log/1', bytes: 500 },
];

describe('the figures of a shape', () => {
  it('divide all bytes by all spans: bodies, bodies with gzip one by one, files', () => {
    const { wireBytesPerSpan, gzipBytesPerSpan, diskBytesPerSpan, exportRequests } = figuresOf(recording, files);
    const zipped = gzipSync(new Uint8Array(600)).length + gzipSync(new Uint8Array(400)).length;
    assert.deepEqual(
      [wireBytesPerSpan, gzipBytesPerSpan, diskBytesPerSpan, exportRequests],
      [100, zipped / 10, 350, 2],
    );
  });

  it('are none without a span', () => {
    assert.throws(() => figuresOf({ ...recording, spans: 0 }, files), /zeros: there is no span to divide by/);
  });

  it('stand in one table with what Dapper stored, which is said to be theirs', () => {
    const text = renderSpanBytes({ shapes: [figuresOf(recording, files)], emptyStoreBytes: 45_056 });
    assert.match(text, /zeros +2 +10 +5 +100 +\d +350 +-\n/);
    assert.match(text, /average of theirs.* 426\n/);
    assert.match(text, /45,056 B of it are an empty store’s/);
    assert.match(text, /Dapper 2010, 4\.2: theirs/);
  });
});
