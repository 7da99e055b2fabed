/** A remote sampler against a server that speaks Jaeger's sampling protocol; clock and polls are moved by hand. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { TraceId } from '../../span/trace-id.ts';
import { until } from '../../../test/until.ts';
import { RemoteSampler } from './remote-sampler.ts';
import { StrategyServer } from '../../test-kit/strategy-server.ts';

const INTERVAL_MS = 1000;
const TIMEOUT_MS = 5000;
const LOW = TraceId.parse('ab'.repeat(9) + '00000000000001');
const HIGH = TraceId.parse('ab'.repeat(9) + 'f0000000000000');
const rate = (samplingRate: unknown) => ({ probabilisticSampling: { samplingRate } });

describe('the remote sampler', () => {
  let server: StrategyServer;
  let sampler: RemoteSampler;
  let nowMs = 0;
  let warnings: string[] = [];
  let timers: { run: () => void; delayMs: number }[] = [];
  let isolatedCount = 0;
  const running: RemoteSampler[] = [];

  before(async () => (server = await StrategyServer.open()));
  after(() => server.close());
  beforeEach(() => {
    [nowMs, warnings, timers, isolatedCount] = [1_000_000, [], [], 0];
    server.requests.length = 0;
  });
  afterEach(() => {
    for (const started of running.splice(0)) started.close();
  });

  function startSampler(endpoint = server.url, initialSamplingRate = 0): void {
    sampler = new RemoteSampler(
      { endpoint, pollingIntervalMs: INTERVAL_MS, initialSamplingRate },
      {
        serviceName: 'a shop & co',
        nowMs: () => nowMs,
        startTimer: (run, delayMs) => {
          const timer = { run, delayMs };
          timers.push(timer);
          return () => void (timers = timers.filter((other) => other !== timer));
        },
        isolate: (run) => {
          isolatedCount++;
          return run();
        },
        warn: (sentence) => warnings.push(sentence),
      },
    );
    running.push(sampler);
  }

  const answered = (): number => sampler.report().answersGood + sampler.report().answersBad;
  const untilAnswered = (count: number) => until(`${count} answers`, () => answered() === count && timers.length === 1);

  /** Lets the interval pass and waits for what comes of the next question. */
  async function poll(): Promise<void> {
    const count = answered();
    const [timer] = timers.splice(0);
    assert.equal(timer?.delayMs, INTERVAL_MS);
    nowMs += INTERVAL_MS;
    timer.run();
    await untilAnswered(count + 1);
  }

  const decide = (id: TraceId, name = 'name') => sampler.sample(id, undefined, name, {});

  it('asks at once for its service, outside of any request, and then at the interval', async () => {
    server.give(rate(0.5));
    startSampler();
    await untilAnswered(1);
    await poll();
    assert.deepEqual(
      server.requests.map(({ method, url }) => [method, url]),
      [1, 2].map(() => ['GET', '/sampling?service=a+shop+%26+co']),
    );
    assert.equal(isolatedCount, 1);
  });

  it('decides by the initial rate until the first answer, by the strategy from then on', async () => {
    server.give(rate(0.5));
    startSampler(server.url, 1);
    assert(decide(LOW).isSampled);
    assert.deepEqual(sampler.report(), { answersGood: 0, answersBad: 0 });
    await untilAnswered(1);
    assert(!decide(LOW).isSampled);
    const kept = decide(HIGH);
    assert.deepEqual([kept.isSampled, kept.traceState?.serialize()], [true, 'ot=th:8']);
    server.give(rate(0));
    await poll();
    assert(!decide(HIGH).isSampled);
    assert.deepEqual(warnings, []);
  });

  it('limits the rate, and the same answer again lets no new burst through', async () => {
    server.give({ strategyType: 'RATE_LIMITING', rateLimitingSampling: { maxTracesPerSecond: 2 } });
    startSampler();
    await untilAnswered(1);
    const keepCount = () => [1, 2, 3, 4, 5].filter(() => decide(LOW).isSampled).length;
    assert.equal(keepCount(), 2);
    const before = nowMs;
    await poll();
    nowMs = before;
    assert.equal(keepCount(), 0);
  });

  it('asks each operation by its own rate, and keeps each at its lower bound', async () => {
    const operations = (samplingRate: number) => ({
      probabilisticSampling: { samplingRate: 1 },
      operationSampling: {
        defaultSamplingProbability: 0,
        defaultLowerBoundTracesPerSecond: 0.5,
        perOperationStrategies: [{ operation: 'GET /x', probabilisticSampling: { samplingRate } }],
      },
    });
    server.give(operations(0.5));
    startSampler();
    await untilAnswered(1);
    const kept = decide(HIGH, 'GET /x');
    assert.deepEqual([kept.isSampled, kept.traceState], [true, undefined], 'its probability is unknown');
    assert(!decide(LOW, 'GET /x').isSampled, 'the kept one took the token');
    assert.deepEqual([decide(LOW, 'other').isSampled, decide(LOW, 'other').isSampled], [true, false]);
    server.give(operations(0.25));
    await poll();
    assert(!decide(LOW, 'other').isSampled, 'a new strategy gives no token away');
    nowMs += 1000;
    assert.deepEqual([decide(LOW, 'other').isSampled, decide(LOW, 'other').isSampled], [true, false]);
    for (let index = 0; index < 3000; index++) decide(LOW, `made up ${index}`);
    assert(!decide(LOW, 'one too many').isSampled, 'names without a bound have no lower bound');
  });

  it('writes thresholds where there is no lower bound', async () => {
    server.give({ operationSampling: { defaultSamplingProbability: 0.25, perOperationStrategies: [] } });
    startSampler();
    await untilAnswered(1);
    assert.equal(decide(HIGH).traceState?.serialize(), 'ot=th:c');
  });

  const badAnswers: [string, Parameters<StrategyServer['answerWith']>[0], RegExp][] = [
    ['an error', (response) => response.writeHead(503).end('no'), /the answer was 503 Service Unavailable/],
    ['a redirect', (response) => response.writeHead(302, { location: '/sampling' }).end(), /the answer was 302/],
    ['nothing', (response) => response.end(), /no JSON/],
    ['no JSON', (response) => response.end('<html>'), /no JSON/],
    [
      'JSON that is no strategy',
      (response) => response.end('{"strategyType":"MAGIC"}'),
      /should have operationSampling/,
    ],
    ['a rate of 2', (response) => response.end(JSON.stringify(rate(2))), /samplingRate should be from 0 to 1/],
    ['null', (response) => response.end('null'), /should be an object/],
    ['bytes that are no text', (response) => response.end(Buffer.from([0xff, 0xfe, 0])), /no JSON/],
    ['half an answer', (response) => response.write('{"prob', () => response.destroy()), /aborted|connection broke/],
    ['a closed connection', (response) => response.destroy(), /socket hang up|ECONNRESET/],
    ['an endless answer', (response) => response.end(' '.repeat(1024 * 1024 + 1)), /over 1048576 bytes/],
    ['silence', () => timers[0]?.run(), /no answer within the timeout/],
  ];
  for (const [what, answer, reason] of badAnswers) {
    it(`keeps the last good strategy when it gets ${what}, and says how old it is`, async () => {
      server.give(rate(1));
      startSampler();
      await untilAnswered(1);
      server.answerWith(answer);
      await poll();
      assert(decide(LOW).isSampled);
      const { error, ...report } = sampler.report();
      assert.deepEqual(report, { answersGood: 1, answersBad: 1, strategyAgeMs: INTERVAL_MS });
      assert.match(error ?? '', reason);
    });
  }

  it('says once that the strategy got old, and again after it was renewed', async () => {
    server.give(rate(1));
    startSampler();
    await untilAnswered(1);
    server.answerWith((response) => response.writeHead(500).end());
    for (let count = 0; count < 2; count++) await poll();
    assert.deepEqual(warnings, []);
    for (let count = 0; count < 3; count++) await poll();
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? '',
      /the strategy is 3000 ms old, JaegerRemoteSampler\{.*\} stays in use: the answer was 500/,
    );
    server.give(rate(0.5));
    await poll();
    assert.deepEqual([sampler.report().error, sampler.report().strategyAgeMs], [undefined, 0]);
    server.answerWith((response) => response.writeHead(500).end());
    for (let count = 0; count < 3; count++) await poll();
    assert.equal(warnings.length, 2);
  });

  it('says at once that no strategy came at all', async () => {
    const gone = await StrategyServer.open();
    await gone.close();
    startSampler(gone.url, 1);
    await untilAnswered(1);
    assert(decide(LOW).isSampled);
    assert.match(warnings.join(), /no strategy came yet, .* stays in use: .*ECONNREFUSED/);
    assert.equal(sampler.report().strategyAgeMs, undefined);
  });

  it('gives a question up after its time, and asks one at a time', async () => {
    server.answerWith(() => {});
    startSampler();
    await until('the question', () => server.requests.length === 1);
    assert.deepEqual(
      timers.map(({ delayMs }) => delayMs),
      [TIMEOUT_MS],
    );
  });

  it('asks no more when it is closed, and cuts the question under way', async () => {
    let isCut = false;
    server.answerWith((response) => response.on('close', () => (isCut = true)));
    startSampler();
    await until('the question', () => server.requests.length === 1);
    sampler.close();
    await until('the cut', () => isCut);
    assert.deepEqual([timers.length, answered()], [0, 0]);
    server.give(rate(1));
    startSampler();
    await untilAnswered(1);
    sampler.close();
    assert.deepEqual([timers.length, decide(LOW).isSampled], [0, true]);
  });

  it('describes itself without the password of its endpoint, and takes a full address as it is', async () => {
    server.give(rate(1));
    startSampler(server.url.replace('http://', 'http://user:secret@') + '/sampling');
    await untilAnswered(1);
    assert.equal(
      sampler.toString(),
      `JaegerRemoteSampler{endpoint=${server.url}/sampling, service=a shop & co, current=ProbabilitySampler{1}}`,
    );
    assert.equal(server.requests[0]?.url, '/sampling?service=a+shop+%26+co');
  });

  it('refuses an endpoint that is no address', () => {
    assert.throws(() => startSampler('http://'), RangeError);
  });
});
