import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeReady } from './ready-report.ts';

const READY = {
  startedInMs: 2_345,
  viewer: 'http://127.0.0.1:16686',
  shop: 'http://127.0.0.1:4600',
  otlp: 'http://127.0.0.1:4318',
  control: 'http://127.0.0.1:4690',
  logs: '/home/me/tracelab/.tracelab/logs',
  hasLoad: true,
};

describe('what npm start says when it is ready', () => {
  it('is the word, the address of the viewer, every other address, and three things to try', () => {
    const text = describeReady(READY, '/home/me/tracelab');
    assert.match(text, /^ready {2}http:\/\/127\.0\.0\.1:16686 {4}\(started in 2\.3 s\)$/m);
    for (const address of [READY.shop, READY.otlp, READY.control]) assert.ok(text.includes(address));
    assert.match(text, /logs {5}\.tracelab\/logs$/m);
    assert.equal(text.match(/^ {2}[123]\. /gm)?.length, 3);
  });

  it('does not promise shoppers where there are none, and shows the whole path of logs that lie elsewhere', () => {
    const text = describeReady({ ...READY, hasLoad: false }, '/tmp');
    assert.match(text, /1\. curl -s http:\/\/127\.0\.0\.1:4600\/products/);
    assert.match(text, /logs {5}\/home\/me\/tracelab\/\.tracelab\/logs$/m);
  });
});
