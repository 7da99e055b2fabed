import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { createRefreshLoop } from './refresh-loop.ts';

/** Requests that the test answers by hand. */
function createDesk() {
  const open: { signal: AbortSignal; answer: () => void }[] = [];
  const loop = createRefreshLoop((signal) => new Promise((answer) => open.push({ signal, answer })));
  const answerLast = async (): Promise<void> => {
    open.at(-1)?.answer();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { loop, open, answerLast };
}

describe('the refresh loop', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  it('serves many wishes with one request, after the gap', () => {
    const { loop, open } = createDesk();
    for (let wish = 0; wish < 5; wish++) loop.soon();
    assert.equal(open.length, 0);
    mock.timers.tick(500);
    assert.equal(open.length, 1);
  });

  it('serves a wish that comes while a request runs, after it', async () => {
    const { loop, open, answerLast } = createDesk();
    loop.now();
    loop.soon();
    mock.timers.tick(10_000);
    assert.equal(open.length, 1);
    await answerLast();
    mock.timers.tick(500);
    assert.equal(open.length, 2);
  });

  it('drops an answer under way when the question changes', () => {
    const { loop, open } = createDesk();
    loop.now();
    loop.now();
    assert.deepEqual(
      open.map(({ signal }) => signal.aborted),
      [true, false],
    );
  });

  it('asks nothing more once it is stopped, whatever timers are under way', () => {
    const { loop, open } = createDesk();
    loop.now();
    loop.stop();
    loop.soon();
    loop.now();
    mock.timers.tick(10_000);
    assert.deepEqual(
      open.map(({ signal }) => signal.aborted),
      [true],
    );
  });
});
