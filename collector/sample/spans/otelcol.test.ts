/** `probabilistic_sampler` against the real OpenTelemetry Collector, where OTELCOL_BIN names one: which spans stay, and with which trace state. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { flattenTracesData } from '@tracelab/model';
import {
  createRandom,
  decodeTracesData,
  encodeTracesData,
  parseOtMember,
  parseTracestate,
  type AnyValue,
  type Random,
  type TracesData,
} from '@tracelab/protocol';
import { parse } from 'yaml';
import { parseProbabilisticSampler } from '../../config/parse-probabilistic-sampler.ts';
import { runOtelcol, skipWithoutOtelcol } from '../../fixtures/otelcol.ts';
import { ArrayPool } from '../../receive/array-pool.ts';
import { scanRequest } from '../../receive/scan-request.ts';
import { createTraffic, pick } from '../policies/traffic.test-kit.ts';
import { SpanSampler } from './span-sampler.ts';

const TRACES = 20_000;
/** There a trace state that cannot be read is replaced by `ot=th:0` where a priority keeps the span; here it stays. */
const NOTHING = 'sampling_percentage: 0.0';
const CASES = ['hash_seed', 'proportional', 'equalizing'].flatMap((mode) =>
  [
    'sampling_percentage: 25',
    'sampling_percentage: 33.3, sampling_precision: 1',
    'sampling_percentage: 0.37, sampling_precision: 14',
    'sampling_percentage: 60, fail_closed: false',
    'sampling_percentage: 100',
    'sampling_percentage: 99.9999, hash_seed: 22',
    NOTHING,
    `${NOTHING}, fail_closed: false`,
  ].map((keys) => `{ mode: ${mode}, ${keys} }`),
);

const PRIORITIES: readonly AnyValue[] = [0n, 1n, -1n, 0.5, 0, '0', '1', '-1', 'yes', '1e3', '', true, null];

it('spans stay as in the OpenTelemetry Collector', { skip: skipWithoutOtelcol }, async () => {
  const requests = createTraffic(TRACES, 8).map((request, index) => withSampling(request, createRandom(index)));
  const delivered = await runOtelcol(
    CASES.map((settings) => ({ name: 'probabilistic_sampler', settings })),
    requests,
  );
  for (const [index, settings] of CASES.entries()) {
    const theirs = describeSpans(delivered[index] ?? []);
    const ours = describeSpans(requests.map((request) => sampled(settings, request)));
    if (settings.includes(NOTHING)) assert.deepEqual(Object.keys(ours).toSorted(), Object.keys(theirs).toSorted());
    else assert.deepEqual(ours, theirs, settings);
  }
});

/** Trace states as samplers write them, right and wrong ones, and priorities of every kind. */
function withSampling(request: TracesData, random: Random): TracesData {
  for (const span of request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))) {
    const digits = (count: number): string =>
      Array.from({ length: count }, () => Math.floor(random.next() * 16).toString(16)).join('');
    const drawn = random.next();
    if (drawn < 0.2) span.traceState = `ot=th:${digits(1 + Math.floor(random.next() * 14))}`;
    else if (drawn < 0.3) span.traceState = `vendor=1,ot=rv:${digits(14)};x:y`;
    else if (drawn < 0.4) span.traceState = `ot=th:${digits(2)};rv:${digits(14)}`;
    else if (drawn < 0.45) span.traceState = pick(random, ['ot=th:', 'ot=rv:12', 'ot=th', 'ot=', 'a b=1', 'a=1,,b=2']);
    if (random.next() < 0.1) span.attributes.push({ key: 'sampling.priority', value: pick(random, PRIORITIES) });
  }
  return request;
}

function sampled(settings: string, request: TracesData): TracesData {
  const config = parseProbabilisticSampler({ path: '', value: parse(settings) });
  const scanned = scanRequest(encodeTracesData(request));
  assert.ok(scanned.ok);
  const { batch, release } = new SpanSampler(config, new ArrayPool(0)).sample(scanned.value.batch);
  const data = decodeTracesData(batch.bytes);
  assert.ok(data.ok);
  release();
  return data.value;
}

/** What each span is, by its id: entries of a trace state stand in any order, and `th` may have zeros at its end. */
function describeSpans(delivered: readonly TracesData[]): Record<string, unknown> {
  const spans = delivered.flatMap(flattenTracesData).map((span) => {
    const { traceState, spanId, attributes } = span;
    const members = parseTracestate(traceState)?.map(({ key, value }) => [key, key === 'ot' ? sorted(value) : value]);
    return [spanId, { traceState: members?.toSorted() ?? traceState, attributes }] as const;
  });
  return Object.fromEntries(spans);
}

function sorted(ot: string): unknown {
  const member = parseOtMember(ot);
  if (member === undefined) return ot;
  return [...member]
    .map(([key, value]) => [key, key === 'th' ? value.replace(/0+$/, '') : value])
    .toSorted(([a = ''], [b = '']) => a.localeCompare(b));
}
