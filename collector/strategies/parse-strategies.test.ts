import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { readSamplingStrategy, SAMPLING_OPERATIONS_MAX, SAMPLING_RATE_PER_SECOND_MAX } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { parseStrategies, SAMPLE_EVERYTHING, type Strategies, type StrategyReply } from './parse-strategies.ts';

const half = { type: 'probabilistic', param: 0.5 };
const operation = (name: string, param: number): object => ({ operation: name, type: 'probabilistic', param });

function parse(file: unknown): Strategies {
  return parseStrategies(JSON.stringify(file));
}

/** As our own tracer reads it. */
function readBack(reply: StrategyReply | undefined): unknown {
  const strategy = readSamplingStrategy(JSON.parse(JSON.stringify(reply)));
  return strategy.ok ? strategy.value : strategy.error;
}

function perOperation(defaultRate: number, rates: [string, number][]): object {
  return { kind: 'perOperation', defaultRate, lowerBoundTracesPerSecond: 0, rateByOperation: new Map(rates) };
}

describe('parseStrategies', () => {
  it('reads probabilities and rates, for services and by default', () => {
    const { byDefault, byService } = parse({
      default_strategy: half,
      service_strategies: [
        { service: 'a', type: 'ratelimiting', param: 7 },
        { service: 'b', type: 'probabilistic', param: 0 },
      ],
    });
    assert.deepEqual(byDefault, { strategyType: 'PROBABILISTIC', probabilisticSampling: { samplingRate: 0.5 } });
    assert.deepEqual(byService.get('a'), {
      strategyType: 'RATE_LIMITING',
      rateLimitingSampling: { maxTracesPerSecond: 7 },
    });
    assert.deepEqual(readBack(byService.get('b')), { kind: 'probabilistic', samplingRate: 0 });
  });

  it('samples everything where there is no default', () => {
    assert.deepEqual(parse({}).byDefault, SAMPLE_EVERYTHING.byDefault);
    assert.deepEqual(readBack(SAMPLE_EVERYTHING.byDefault), { kind: 'probabilistic', samplingRate: 1 });
  });

  it('puts the operations of a service before those of the default, as Jaeger does', () => {
    const { byDefault, byService } = parse({
      default_strategy: { ...half, operation_strategies: [operation('x', 0.1), operation('y', 0.2)] },
      service_strategies: [
        { service: 'own', ...half, param: 0.8, operation_strategies: [operation('x', 0.9), operation('z', 0.3)] },
        { service: 'none', type: 'probabilistic', param: 0.7 },
        { service: 'rate', type: 'ratelimiting', param: 5 },
        { service: 'rate with own', type: 'ratelimiting', param: 5, operation_strategies: [operation('z', 0)] },
      ],
    });
    const inherited: [string, number][] = [
      ['x', 0.1],
      ['y', 0.2],
    ];
    assert.deepEqual(readBack(byDefault), perOperation(0.5, inherited));
    assert.deepEqual(
      readBack(byService.get('own')),
      perOperation(0.8, [
        ['x', 0.9],
        ['z', 0.3],
        ['y', 0.2],
      ]),
    );
    assert.deepEqual(readBack(byService.get('none')), perOperation(0.7, inherited));
    assert.deepEqual(readBack(byService.get('rate')), perOperation(0.5, inherited));
    assert.deepEqual(readBack(byService.get('rate with own')), perOperation(1, [['z', 0], ...inherited]));
  });

  const refused: [file: unknown, message: RegExp][] = [
    [[], /top level should be a mapping: was \[\]/],
    [
      { default: half },
      /the configuration's default is misspelt .* supported here: default_strategy, service_strategies/,
    ],
    [
      { default_strategy: { type: 'const', param: 1 } },
      /default_strategy\.type should be probabilistic or ratelimiting/,
    ],
    [{ default_strategy: { ...half, param: 2 } }, /default_strategy\.param should be a number from 0 to 1: was 2/],
    [
      { default_strategy: { type: 'probabilistic' } },
      /default_strategy\.param should be a number from 0 to 1: was absent/,
    ],
    [{ service_strategies: {} }, /service_strategies should be a list/],
    [{ service_strategies: [half] }, /service_strategies\[0\]\.service should be text: was absent/],
    [
      { service_strategies: ['a', 'b', 'a'].map((service) => ({ service, ...half })) },
      /service_strategies\[2\] should be another service: "a" is there twice/,
    ],
    [
      { service_strategies: [{ service: 'a', type: 'ratelimiting', param: 0.5 }] },
      /param should be a whole number from 0 to/,
    ],
    [
      { default_strategy: { ...half, operation_strategies: [{ operation: 'x', type: 'ratelimiting', param: 1 }] } },
      /operation_strategies\[0\]\.type should be probabilistic, no client knows others here: was "ratelimiting"/,
    ],
  ];
  for (const [file, message] of refused) {
    it(`refuses ${JSON.stringify(file).slice(0, 80)}`, () => {
      assert.throws(
        () => parse(file),
        (error: Error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  it('refuses what is not JSON', () => assert.throws(() => parseStrategies('{'), /is not JSON: /));

  it('refuses more operations than clients take, the default ones included', () => {
    const list = (count: number, prefix: string): object[] =>
      Array.from({ length: count }, (_, index) => operation(`${prefix}${index}`, 1));
    const file = (ofService: number): object => ({
      default_strategy: { ...half, operation_strategies: list(1000, 'd') },
      service_strategies: [{ service: 'a', ...half, operation_strategies: list(ofService, 's') }],
    });
    const { byService } = parse(file(SAMPLING_OPERATIONS_MAX - 1000));
    assert.equal(typeof readBack(byService.get('a')), 'object');
    assert.throws(() => parse(file(SAMPLING_OPERATIONS_MAX - 999)), /at most 2000 operation_strategies.*: has 2001/);
  });

  it('answers what our tracer can read, whatever it accepts', () => {
    const strategy = fc.oneof(
      fc.record({ type: fc.constant('probabilistic'), param: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ type: fc.constant('ratelimiting'), param: fc.nat(SAMPLING_RATE_PER_SECOND_MAX) }),
    );
    const name = fc.string({ minLength: 1 });
    const operations = fc.array(
      fc.record({ operation: name, type: fc.constant('probabilistic'), param: fc.constantFrom(0, 0.25, 1) }),
    );
    const withOperations = fc
      .tuple(strategy, operations)
      .map(([one, list]) => ({ ...one, operation_strategies: list }));
    const services = fc.uniqueArray(fc.tuple(name, withOperations), { selector: ([service]) => service });
    fc.assert(
      fc.property(withOperations, services, (byDefault, list) => {
        const strategies = parse({
          default_strategy: byDefault,
          service_strategies: list.map(([service, one]) => ({ service, ...one })),
        });
        assert.equal(strategies.byService.size, list.length);
        for (const reply of [strategies.byDefault, ...strategies.byService.values()])
          assert.equal(typeof readBack(reply), 'object');
      }),
    );
  });
});
