import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { encodeTracesData } from '@tracelab/protocol';
import { RawConnection, grpcFrame, grpcStatusOf } from '../fixtures/grpc-client.ts';
import { spanIdFor, tracesOf } from '../fixtures/make-trace.ts';
import { until } from '../../test/until.ts';
import { ArrayPool } from './array-pool.ts';
import { BodyBudget } from './body-budget.ts';
import type { ArrivalLimits } from './grpc-arrivals.ts';
import { createGrpcServer } from './grpc-server.ts';
import { ReceiveLedger } from './receive-ledger.ts';

const ONE_SPAN = encodeTracesData(tracesOf([{ spanId: spanIdFor(0) }]));
const WHOLE = { frame: grpcFrame(ONE_SPAN), isWhole: true };
const HALF = { frame: WHOLE.frame.subarray(0, 20), isWhole: false };

let ledger: ReceiveLedger;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(limits: ArrivalLimits, budgetBytes = 1e6): Promise<RawConnection> {
  ledger = new ReceiveLedger();
  const accept = (): Promise<{ kind: 'accepted' }> => Promise.resolve({ kind: 'accepted' });
  const options = { ...limits, bodyBytesMax: 1e6, log: { error: () => {} } };
  const server = createGrpcServer(options, {
    accept,
    retryAfterS: () => 1,
    ledger,
    budget: new BodyBudget(budgetBytes),
    arrays: new ArrayPool(1e6),
  });
  const { url } = await server.listen({ host: '127.0.0.1', port: 0, variable: 'X', what: 'x' });
  const connection = new RawConnection(url);
  closing.push(
    () => server.close(10),
    () => connection.close(),
  );
  return connection;
}

/** Calls to an unknown method wait for nothing: when one is answered, what was sent before it has reached the server. */
async function untilReached(connection: RawConnection): Promise<void> {
  assert.equal(await grpcStatusOf(connection.call({ ...WHOLE, path: '/x/y' })), status.UNIMPLEMENTED);
}

describe('the arrival of gRPC calls', () => {
  it('lets so many be on their way at once; the others wait unread and are answered in their turn', async () => {
    const connection = await start({ arrivingMax: 2 });
    const stalled = [connection.call(HALF), connection.call(HALF)];
    const answers: string[] = [];
    const waiting = ['first', 'second'].map(async (name) => {
      assert.equal(await grpcStatusOf(connection.call(WHOLE)), status.OK);
      answers.push(name);
    });
    for (let round = 0; round < 3; round++) await untilReached(connection);
    assert.deepEqual(answers, []);
    stalled[0]?.cut();
    await Promise.all(waiting);
    assert.deepEqual(answers, ['first', 'second']);
    assert.deepEqual([ledger.requestsMalformed, ledger.requestsAccepted], [1, 2]);
  });

  it('gives a message so long to arrive, and its place to the next', async () => {
    const connection = await start({ arrivingMax: 1, arrivalMsMax: 20 });
    const stalled = connection.call(HALF);
    const next = connection.call(WHOLE);
    const ended = await stalled.ended;
    assert.equal(Number(ended?.['grpc-status']), status.DEADLINE_EXCEEDED);
    assert.match(decodeURIComponent(String(ended?.['grpc-message'])), /should arrive within 20 ms: send it again/);
    assert.equal(await grpcStatusOf(next), status.OK);
    assert.deepEqual([ledger.requestsMalformed, ledger.requestsAccepted], [1, 1]);
  });

  it('forgets a call that is cut while it waits, and counts it as refused', async () => {
    const connection = await start({ arrivingMax: 1 });
    const stalled = connection.call(HALF);
    const waiting = connection.call(HALF);
    await untilReached(connection);
    waiting.cut();
    await until('the count', () => ledger.requestsRefused === 1);
    stalled.cut();
    assert.equal(await grpcStatusOf(connection.call(WHOLE)), status.OK);
    assert.deepEqual([ledger.requestsMalformed, ledger.requestsAccepted], [1, 1]);
  });

  it('refuses a message for which there is no memory just now, to be sent again', async () => {
    const connection = await start({}, ONE_SPAN.length - 1);
    assert.equal(await grpcStatusOf(connection.call(WHOLE)), status.UNAVAILABLE);
    assert.deepEqual([ledger.requestsRefused, ledger.requestsAccepted], [1, 0]);
  });
});
