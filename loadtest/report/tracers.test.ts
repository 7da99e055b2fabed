/** The report of a side by side run, on blocks that are made up so that the right figures are known. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LatencyBlock } from '../overhead/latency-block.ts';
import { parseOverheadResult, type Block, type OverheadResult } from '../overhead/result.ts';
import { roundOf, TRACER_VARIANTS, type Variant } from '../overhead/variant.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTerminal } from './terminal.ts';
import { summarize } from './summary.ts';
import { describeRatio, type TracerRatio } from './tracer-ratios.ts';

const COST_US: Readonly<Record<string, number>> = {
  'lab 1/1': 15,
  'lab 1/16': 8,
  'lab 1/1024': 12,
  'otel 1/1': 200,
  'otel 1/16': 130,
  'otel 1/1024': 140,
};
const REQUESTS = 1000;

function blockOf(variant: Variant, restart: number, round: number): Block {
  // The machine gets slower from restart to restart, for all variants alike; that must not count.
  const cpuUs = REQUESTS * (100 + 3 * restart + (COST_US[variant.name] ?? 0));
  const traces = Math.round(REQUESTS * (variant.ratio ?? 0));
  const spans = traces * (variant.set === 'otel' ? 7 : 3);
  const counts = { requests: REQUESTS, failures: 0, durationMs: 100, tracesRootless: 0, spansDropped: 0 };
  return { restart, round, variant: variant.name, cpuUs, traces, spans, ...counts };
}

function latencyBlock(variant: string, restart: number, p99Us: number, latenessP99Us = 100): LatencyBlock {
  const latenciesUs = [...Array.from({ length: 98 }, () => 400), p99Us, p99Us + 5000];
  return { restart, round: 0, variant, latenciesUs, failures: 0, latenessP99Us, cpuUs: 30_000, requestsSent: 120 };
}

function resultWith(change: Partial<OverheadResult['workloads'][0]> = {}): OverheadResult {
  const blocks = [0, 1, 2].flatMap((restart) =>
    [0, 1].flatMap((round) => roundOf(TRACER_VARIANTS).map((variant) => blockOf(variant, restart, round))),
  );
  return {
    format: 'tracelab-overhead',
    version: 1,
    comparison: 'tracers',
    variants: TRACER_VARIANTS,
    startedAt: '2026-11-21T08:00:00.000Z',
    durationMs: 1,
    complete: true,
    seed: 1,
    machine: {
      cpuModel: 'Example CPU',
      cores: 2,
      memoryBytes: 1,
      platform: 'linux x64',
      node: 'v24.0.0',
      loadAverageBefore: 0,
      loadAverageAfter: 0,
    },
    regime: { connections: 8, exportDelayMs: 200 },
    workloads: [{ workload: 'hop', processesPerSet: 2, warmUpMs: 3000, blockMs: 100, blocks, ...change }],
  };
}

function ratiosOf(result: OverheadResult): readonly TracerRatio[] {
  return summarize(result)[0]?.ratios ?? [];
}

const plain = (text: string): string => text;

describe('lab over otel', () => {
  it('is the ratio of what each adds to none, beside its target', () => {
    const ratios = ratiosOf(resultWith());
    assert.deepEqual(
      ratios.map(({ rate, ratio }) => [rate, ratio.estimate.toFixed(4)]),
      [
        ['1/1024', (12 / 140).toFixed(4)],
        ['1/16', (8 / 130).toFixed(4)],
        ['1/1', (15 / 200).toFixed(4)],
      ],
    );
    assert.deepEqual(
      ratios.map(describeRatio).map((line) => line.replace(/\[.*?\]/, '[]')),
      [
        'lab over otel at 1/1024: 0.086 [], 1/11.7; target at most 1/10: met (aim 1/16: not met)',
        'lab over otel at 1/16: 0.062 [], 1/16.3',
        'lab over otel at 1/1: 0.075 [], 1/13.3; target at most 1/8: met (aim 1/12: met)',
      ],
    );
  });

  it('says where the figures cannot tell', () => {
    const wide = { rate: '1/1', target: { max: 0.125, aim: 0.083 } };
    assert.match(describeRatio({ ...wide, ratio: { estimate: 0.1, low: 0.05, high: 0.2 } }), /met, but not surely/);
    const unbounded = { estimate: 0.1, low: -Infinity, high: Infinity };
    assert.match(describeRatio({ ...wide, ratio: unbounded }), /\[no interval\].*cannot be told/);
  });

  it('compares what was measured where the run left variants out', () => {
    const [workload] = resultWith().workloads;
    const blocks = (workload?.blocks ?? []).filter(
      (block) => !block.variant.endsWith('1/16') && block.variant !== 'api',
    );
    const page = renderTerminal(resultWith({ blocks }), plain);
    assert.match(page, /lab 1\/1 +118 .*\+15\.0 /);
    assert.doesNotMatch(page, /(lab|otel) 1\/16 /);
    assert.deepEqual(
      ratiosOf(resultWith({ blocks })).map(({ rate }) => rate),
      ['1/1024', '1/1'],
    );
  });

  it('shows how many spans a trace has, and nothing of Dapper', () => {
    const page = renderMarkdown(resultWith());
    assert.match(page, /\| otel 1\/1 \|.*\| 7\.0 \|/);
    assert.match(page, /\| lab 1\/1 \|.*\| 3\.0 \|/);
    assert.doesNotMatch(page, /Dapper/);
  });
});

describe('latencies', () => {
  const quiet = [0, 1, 2].flatMap((restart) => [
    latencyBlock('none', restart, 1000),
    latencyBlock('lab 1/1', restart, 1500 + restart),
    latencyBlock('otel 1/1', restart, 16_000),
  ]);

  it('are quantiles of each restart, and p99 over that of none beside its target', () => {
    const result = resultWith({ latency: { requestsPerSecond: 1000, blocks: quiet } });
    const rows = summarize(result)[0]?.latency?.rows ?? [];
    assert.deepEqual(
      rows.map(({ variant, p50Us, p99Us, p99Ratio }) => [
        variant,
        p50Us?.estimate,
        p99Us?.estimate,
        p99Ratio?.estimate.toFixed(2),
      ]),
      [
        ['none', 400, 1000, undefined],
        ['lab 1/1', 400, 1501, '1.50'],
        ['otel 1/1', 400, 16_000, '16.00'],
      ],
    );
    const page = renderMarkdown(result);
    assert.match(page, /p99 of lab 1\/1 over that of none: 1\.50 .*; target at most 2: met\n/);
    assert.match(page, /\| none \| 0\.40 \[0\.40\.\.0\.40\] \| 1\.00 .* 250 \| 3 \|/);
  });

  it('leave out blocks whose sender was late or that had failures, and say so', () => {
    const late = [0, 1, 2].map((restart) => latencyBlock('otel 1/1', restart, 90_000, 2001));
    const failed = { ...latencyBlock('none', 0, 70_000), failures: 1 };
    const blocks = [...quiet.filter((block) => block.variant !== 'otel 1/1'), ...late, failed];
    const page = renderTerminal(resultWith({ latency: { requestsPerSecond: 1000, blocks } }), plain);
    assert.match(page, /otel 1\/1 +did not keep up/);
    assert.match(page, /4 blocks of the open loop did not keep up and are left out/);
    assert.match(page, /none +0\.40 \[0\.40\.\.0\.40\] +1\.00/);
  });
});

describe('a saved side by side run', () => {
  it('is read back, latencies included; a flaw is named with its place', () => {
    const latency = { requestsPerSecond: 1000, blocks: [latencyBlock('none', 0, 1000)] };
    const result = resultWith({ latency });
    assert.deepEqual(parseOverheadResult(JSON.stringify(result)), { ok: true, value: result });
    const refusalOf = (broken: object): string => {
      const parsed = parseOverheadResult(JSON.stringify(broken));
      return parsed.ok ? 'accepted' : parsed.error;
    };
    assert.match(refusalOf({ ...result, comparison: 'cars' }), /"comparison" should be one of rates, tracers, service/);
    assert.match(
      refusalOf({ ...result, comparison: 'rates', variants: undefined }),
      /blocks\[6\]\.variant" should be one of none/,
    );
    const broken = { ...latency, blocks: [{ ...latencyBlock('none', 0, 1), latenciesUs: ['1'] }] };
    assert.match(
      refusalOf(resultWith({ latency: broken as unknown as typeof latency })),
      /"workloads\[0\]\.latency\.blocks\[0\]\.latenciesUs" should be a list of numbers/,
    );
  });
});
