/** The command as a user runs it, and the report of a saved result. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { processesNaming, startVerb } from '../command.test-kit.ts';
import { renderTailCost } from './report.ts';
import { OURS, resultOf, THEIRS } from './result.test-kit.ts';
import { parseTailCost } from './result.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-tail-cost-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the report of a saved measurement', () => {
  it('has a row for each collector and load, and the ratios with their targets', () => {
    const text = renderTailCost(resultOf({ tracelab: OURS, otelcol: THEIRS }));
    assert.match(text, /^plain +tracelab +off +2\.10 \[.*\] +476,190 +200,000 +350 +500$/m);
    assert.match(text, /^gzip +otelcol +none +8\.40 \[.*\] +119,048 +200,000 +50\.0 +500$/m);
    assert.match(text, /^3,000 spans\/s, plain, decision_wait 10 s$/m);
    assert.match(text, /^tracelab +off +2\.10 \[.*\] +710 \[.*\] +60 +81 +4\.20 +4\.20 \[.*\] +≤ 150$/m);
    assert.match(text, /^otelcol +none .* -$/m);
    assert.match(text, /tracelab, CPU of a span, saturated, plain: 0\.250 \[.*\], 1\/4\.0; target at most 1\/4: met/);
    assert.match(text, /answer time p99: 0\.200 .* target at most 1\/2: met/);
    assert.match(text, /a CPU, 2 cores, .* load average 0\.10 before, 0\.90 after; seed 1/);
    assert.doesNotMatch(text, /\(!\)|NaN|Infinity|undefined/);
  });

  it('says that nothing is compared without the other collector, and what is not there', () => {
    assert.match(renderTailCost(resultOf({ tracelab: OURS })), /Only ours was measured: OTELCOL_BIN/);
    const text = renderTailCost({ ...resultOf({ tracelab: [] }), complete: false });
    assert.match(text, /INCOMPLETE: ended after 1 min 1 s/);
    assert.match(text, /No block was completed/);
    assert.doesNotMatch(text, /NaN|Infinity|undefined/);
  });

  it('warns of what makes its figures others than they look', () => {
    const result = resultOf({ tracelab: OURS });
    const [saturated, steady] = [result.saturated[0], result.steady[0]];
    assert.ok(saturated !== undefined && steady !== undefined);
    Object.assign(saturated, {
      refusals: 3,
      senderCores: 4,
      strays: { 'late spans': 1200, 'traces decided early': 3 },
    });
    steady.shots.latenessUs.fill(60_000);
    steady.residentBytes = [60e6, 75e6, 90e6, 105e6];
    const text = renderTailCost(result);
    assert.match(text, /\(!\) tracelab refused or left unanswered 3 requests/);
    assert.match(text, /\(!\) tracelab counts 1,200 late spans, 3 traces decided early, of which/);
    assert.match(text, /\(!\) tracelab: the load process did not keep up in 1 of its steady blocks/);
    assert.match(text, /\(!\) tracelab: its memory grew by 22\.2 % from the first/);
    assert.match(text, /\(!\) tracelab, plain: the load process was at its end/);
  });
});

describe('parseTailCost', () => {
  it('reads what was written, and names the place of what is wrong', () => {
    const result = resultOf({ tracelab: OURS });
    assert.deepEqual(parseTailCost(JSON.stringify(result)), { ok: true, value: result });
    const [saturated, steady] = [result.saturated[0], result.steady[0]];
    const wrong: [object, RegExp][] = [
      [{ ...result, format: 'tracelab-attack' }, /is not a result of `tail-cost`/],
      [{ ...result, load: {} }, /"load\.spansPerSecond" should be a number/],
      [{ ...result, collectors: [{}] }, /"collectors\[0\]\.name" should be a string/],
      [{ ...result, saturated: {} }, /"saturated" should be a list/],
      [
        { ...result, saturated: [{ ...saturated, encoding: 'zstd' }] },
        /"saturated\[0\]\.encoding" should be one of plain/,
      ],
      [
        { ...result, saturated: [{ ...saturated, strays: 3 }] },
        /"saturated\[0\]\.strays" should be an object of numbers/,
      ],
      [{ ...result, saturated: [{ ...saturated, spans: 0 }] }, /"saturated\[0\]\.spans" should be above 0/],
      [{ ...result, steady: [{ ...steady, residentBytes: 1 }] }, /"steady\[0\]\.residentBytes" should be a list/],
      [{ ...result, steady: [{ ...steady, shots: {} }] }, /"steady\[0\]\.shots\.dueUs" should be a list/],
      [{ ...result, steady: [{ ...steady, decisionLag: { boundsS: [1], counts: [1] } }] }, /longer by one/],
    ];
    for (const [value, message] of wrong) {
      const parsed = parseTailCost(JSON.stringify(value));
      assert.ok(!parsed.ok);
      assert.match(parsed.error, message);
    }
  });
});

describe('tail-cost', () => {
  it('measures our collector and prints the report of what it saved', async () => {
    const [out, temporary] = [join(folder, 'whole'), join(folder, 'tmp')];
    mkdirSync(temporary);
    const plan = ['--quick', '--restarts', '1', '--block-ms', '100', '--steady-ms', '400'];
    const load = ['--rate', '6144', '--decision-wait-s', '1'];
    const env = { TMPDIR: temporary, OTELCOL_BIN: '' };
    const run = startVerb(['tail-cost', ...plan, ...load, '--out', out], env);
    assert.equal(await run.exitCode, 0, run.stderr());
    const saved = parseTailCost(readFileSync(join(out, 'tail-cost.json'), 'utf8'));
    assert.ok(saved.ok && saved.value.complete);
    const { saturated, steady } = saved.value;
    const measured = saturated.map(({ collector, encoding }) => `${collector} ${encoding}`);
    assert.deepEqual(measured.sort(), ['tracelab gzip', 'tracelab plain', 'tracelab, WAL gzip', 'tracelab, WAL plain']);
    for (const { spans, cpuUs } of saturated) assert.ok(spans > 0 && spans % 512 === 0 && cpuUs > 0);
    assert.equal(steady.length, 2);
    for (const { spans } of steady) assert.ok(spans > 0);
    const [code, stdout] = await printed(['--from', join(out, 'tail-cost.json')]);
    assert.equal(code, 0);
    assert.ok(stdout.startsWith('What tail sampling costs'));
    assert.equal(reportOf(run.stdout()), reportOf(stdout));
    assert.deepEqual([readdirSync(temporary), processesNaming(temporary)], [[], []]);
  });

  it('keeps what is measured when it is ended early, and leaves no process and no file behind', async () => {
    const [out, temporary] = [join(folder, 'early'), join(folder, 'tmp-early')];
    mkdirSync(temporary);
    const args = ['tail-cost', '--quick', '--block-ms', '300', '--json', '--out', out];
    const run = startVerb(args, { TMPDIR: temporary, OTELCOL_BIN: '' });
    await run.untilSaid('saturated');
    run.child.kill('SIGINT');
    assert.equal(await run.exitCode, 1);
    assert.equal((JSON.parse(run.stdout()) as { complete: boolean }).complete, false);
    const saved = parseTailCost(readFileSync(join(out, 'tail-cost.json'), 'utf8'));
    assert.ok(saved.ok && !saved.value.complete);
    assert.deepEqual([readdirSync(temporary), processesNaming(temporary)], [[], []]);
  });

  it('refuses a file that is no result, and says that OTELCOL_BIN is no collector before it starts anything', async () => {
    const file = join(folder, 'saved.json');
    writeFileSync(file, 'blocks');
    const [wrong, nothing, message] = await printed(['--from', file]);
    assert.deepEqual([wrong, nothing], [2, '']);
    assert.match(message, /saved\.json is not JSON/);
    const [code, stdout, stderr] = await printed(['--quick'], { OTELCOL_BIN: join(folder, 'nothing') });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /OTELCOL_BIN=.*nothing cannot be started: .*ENOENT/);
  });
});

async function printed(args: readonly string[], env: Record<string, string> = {}): Promise<[number, string, string]> {
  const run = startVerb(['tail-cost', ...args], env);
  return [await run.exitCode, run.stdout(), run.stderr()];
}

/** Without the line that names the file. */
function reportOf(stdout: string): string {
  return stdout.slice(0, stdout.lastIndexOf('Every block:'));
}
