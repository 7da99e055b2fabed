import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseOverheadResult, type OverheadResult } from '../overhead/result.ts';
import { slowedBy } from '../overhead/variant.ts';
import { renderMarkdown } from './markdown.ts';
import { warningsOf } from './notes.ts';
import { describeTrend } from './rate-trend.ts';
import { summarize } from './summary.ts';
import { renderTerminal } from './terminal.ts';

const FIXTURE = new URL('fixture/overhead.json', import.meta.url);
const GOLDEN = new URL('fixture/overhead.md', import.meta.url);

function readFixture(): OverheadResult {
  const parsed = parseOverheadResult(readFileSync(FIXTURE, 'utf8'));
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error);
  return parsed.value;
}

function rowOf(result: OverheadResult, workload: string, variant: string) {
  const row = summarize(result)
    .find((summary) => summary.workload === workload)
    ?.rows.find((candidate) => candidate.variant === variant);
  assert.ok(row !== undefined);
  return row;
}

describe('the report of a saved result', () => {
  it('is the committed page (UPDATE_GOLDEN=1 writes it anew)', () => {
    const page = renderMarkdown(readFixture());
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, page);
    assert.equal(page, readFileSync(GOLDEN, 'utf8'));
  });

  it('is the same every time it is computed', () => {
    const identity = (text: string): string => text;
    assert.equal(renderTerminal(readFixture(), identity), renderTerminal(readFixture(), identity));
  });

  it('finds the cost that the fixture was made with, and none in the control row', () => {
    const dense = rowOf(readFixture(), 'hop', '1/1').difference?.addedUs;
    assert.ok(dense !== undefined && dense.low < 12 && dense.high > 12);
    const control = rowOf(readFixture(), 'hop', 'none (again)').difference?.addedUs;
    assert.ok(control !== undefined && control.low < 0 && control.high > 0);
  });

  it('tells what each request costs from what each sampled one costs more, as the fixture was made', () => {
    const trend = summarize(readFixture())[0]?.trend;
    assert.ok(trend !== undefined && trend.eachRequestUs.low < 2.5 && trend.eachRequestUs.high > 2);
    assert.ok(trend.eachSampledUs.low < 10 && trend.eachSampledUs.high > 10);
    assert.match(describeTrend(trend), /the cost falls with the rate, but not to nothing/);
    const flat = { eachRequestUs: { estimate: 1, low: -1, high: 3 }, eachSampledUs: { estimate: 2, low: -2, high: 6 } };
    assert.match(describeTrend(flat), /is not seen here/);
  });

  it('says of a known cost whether the interval holds it', () => {
    const verdictFor = (injectedUs: number): string | undefined => {
      const fixture = readFixture();
      const variants = fixture.variants.map((variant) =>
        variant.name === '1/1' ? { ...variant, tracer: 'none' as const, injectedUs } : variant,
      );
      return summarize({ ...fixture, variants })[0]?.rows.at(-1)?.verdict;
    };
    assert.equal(verdictFor(12), 'holds the 12 µs that were injected');
    assert.equal(verdictFor(20), 'MISSES the 20 µs that were injected');
  });

  it('warns of a tracer that was slowed on purpose, and holds it against no truth', () => {
    const fixture = readFixture();
    const [summary] = summarize({ ...fixture, variants: slowedBy(12, fixture.variants) });
    assert.ok(summary !== undefined);
    assert.match(warningsOf(summary).join(' '), /burnt 12 µs more on purpose/);
    assert.deepEqual([summary.slowedByUs, summary.rows.at(-1)?.injectedUs], [12, undefined]);
  });

  it('reads a file that names no variants as one of its comparison', () => {
    const { variants, ...older } = readFixture();
    assert.deepEqual(parseOverheadResult(JSON.stringify(older)), { ok: true, value: { ...older, variants } });
  });

  it('notices three lost traces in fifty thousand', () => {
    const { traces } = rowOf(readFixture(), 'hop', '1/1');
    assert.deepEqual([traces?.kept, traces?.requests, traces?.isWithinBounds], [50_397, 50_400, false]);
    assert.equal(rowOf(readFixture(), 'hop', '1/16').traces?.isWithinBounds, true);
  });

  it('gives no verdict where the control row is wider than a tenth of none, and says why', () => {
    const page = renderTerminal(readFixture(), (text) => text);
    assert.match(page, /THIS MACHINE IS TOO NOISY FOR A VERDICT/);
    assert.equal(rowOf(readFixture(), 'checkout', '1/1').verdict, 'too noisy for a verdict');
    assert.doesNotMatch(rowOf(readFixture(), 'hop', '1/1').verdict, /noisy/);
  });

  it('has every figure in lines that are aligned', () => {
    const lines = renderTerminal(readFixture(), (text) => text).split('\n');
    const rule = lines.findIndex((line) => line.startsWith('─'));
    const column = (lines[rule - 1] ?? '').indexOf('verdict');
    for (const line of lines.slice(rule + 1, rule + 9)) assert.equal(line[column - 1], ' ', line);
  });

  it('leaves out a round that was not completed, and says that the run was ended', () => {
    const whole = readFixture();
    const [hop] = whole.workloads;
    assert.ok(hop !== undefined);
    const cut = { ...whole, complete: false, workloads: [{ ...hop, blocks: hop.blocks.slice(0, 28 * 4 + 3) }] };
    const [summary] = summarize(cut);
    assert.deepEqual([summary?.restarts, summary?.rounds], [2, 4]);
    assert.match(renderMarkdown(cut), /INCOMPLETE: the run was ended after 3 min 41 s/);
  });

  it('prints the figures of one restart without an interval or a verdict', () => {
    const whole = readFixture();
    const [hop] = whole.workloads;
    assert.ok(hop !== undefined);
    const cut = { ...whole, complete: false, workloads: [{ ...hop, blocks: hop.blocks.slice(0, 28) }] };
    assert.match(renderMarkdown(cut), /no verdict: one restart has no interval/);
    assert.match(renderMarkdown(cut), /NO INTERVALS: they need at least two restarts/);
    assert.match(renderMarkdown(cut), /1 start of all processes, 1 round;/);
    assert.doesNotMatch(renderMarkdown(cut), /Infinity|NaN/);
  });

  it('says that there is nothing to compare where no round was completed', () => {
    const empty = { ...readFixture(), complete: false, workloads: [] };
    assert.match(renderMarkdown(empty), /No round was completed/);
    assert.match(
      renderTerminal(empty, (text) => text),
      /No round was completed/,
    );
  });
});
