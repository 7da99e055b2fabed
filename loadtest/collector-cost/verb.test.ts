/** The command as a user runs it, and the report of a saved result. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { COLLECTOR_LOADS, parseCollectorCost, type CollectorCostResult, type CollectorName } from '@tracelab/protocol';
import { processesNaming, startVerb } from '../command.test-kit.ts';
import { renderCollectorCost } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-collector-cost-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function collectorCost(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<[number, string, string]> {
  const run = startVerb(['collector-cost', ...args], env);
  return [await run.exitCode, run.stdout(), run.stderr()];
}

/** Two starts of each: at rest 1 % of a core, beyond that so many microseconds for each of 1000 spans a second. */
function resultOf(cpuUsPerSpan: Partial<Record<CollectorName, number>>): CollectorCostResult {
  const names = Object.keys(cpuUsPerSpan) as CollectorName[];
  const blocks = names.flatMap((collector) =>
    [0, 1].flatMap((restart) =>
      COLLECTOR_LOADS.map((load) => {
        const spans = load === 'idle' ? 0 : 2000;
        const cpuUs = 3000 * 10 + spans * (cpuUsPerSpan[collector] ?? 0);
        const memory = { residentBytes: 80e6, proportionalBytes: 70e6 };
        return {
          collector,
          load,
          restart,
          round: 0,
          loadMs: 2000,
          wallMs: 3000,
          cpuUs,
          spans,
          bytes: spans * 350,
          refusals: 0,
          ...memory,
        };
      }),
    ),
  );
  const machine = { cpuModel: 'a CPU', cores: 2, memoryBytes: 8e9, platform: 'linux x64', node: 'v24.0.0' };
  return {
    format: 'tracelab-collector-cost',
    version: 1,
    startedAt: '2026-11-28T12:00:00.000Z',
    durationMs: 61_000,
    complete: true,
    seed: 1,
    machine: { ...machine, loadAverageBefore: 0.1, loadAverageAfter: 0.9 },
    collectors: names.map((name) => ({ name, version: '1.2.3', pipeline: 'everything' })),
    blocks,
    buffers: [],
  };
}

describe('the report of a saved measurement', () => {
  it("has a row for each load and collector, Dapper's figures beside ours and mixed into none", () => {
    const text = renderCollectorCost(resultOf({ tracelab: 20, otelcol: 10 }));
    assert.match(text, /^idle +tracelab +- +- +1\.00 \[1\.00\.\.1\.00\] +- +80\.0 +70\.0 +-$/m);
    // 1000 spans/s x 20 us are 2 % of a core, and 1 % at rest.
    assert.match(text, /^25 x 10 KB\/s +tracelab +1,000 +350 +3\.00 \[.*\] +20\.0 \[20\.0\.\.20\.0\] .* 0\.125 %$/m);
    assert.match(text, /^10 x 200 KB\/s +otelcol +1,000 +350 +2\.00 \[.*\] .* 0\.267 %$/m);
    assert.match(text, /^50 x 2 KB\/s .* 0\.130 %$/m);
    assert.match(text, /otelcol: 10\.0 .* one core would take 100,000 spans\/s; 350 B a span on the wire/);
    assert.match(text, /Theirs, not ours/);
  });

  it('says what is not there: an end before the plan, no round at all', () => {
    const none = { ...resultOf({ tracelab: 20 }), complete: false, blocks: [] };
    const text = renderCollectorCost(none);
    assert.match(text, /INCOMPLETE: ended after 1 min 1 s/);
    assert.match(text, /No round was completed/);
    assert.doesNotMatch(text, /NaN|Infinity|undefined/);
  });
});

describe('parseCollectorCost', () => {
  it('reads what was written, and names the place of what is wrong', () => {
    const result = resultOf({ tracelab: 20 });
    assert.deepEqual(parseCollectorCost(JSON.stringify(result)), { ok: true, value: result });
    const [first] = result.blocks;
    const wrong: [object, RegExp][] = [
      [{ ...result, format: 'tracelab-attack' }, /is not a result of `collector-cost`/],
      [{ ...result, version: 2 }, /has version 2: this program reads version 1/],
      [{ ...result, machine: {} }, /"machine.cpuModel" should be a string/],
      [
        { ...result, collectors: [{ name: 'x', version: '', pipeline: '' }] },
        /"collectors\[0\]\.name" should be one of tracelab/,
      ],
      [{ ...result, blocks: {} }, /"blocks" should be a list/],
      [{ ...result, blocks: [{ ...first, load: 'much' }] }, /"blocks\[0\]\.load" should be one of idle/],
      [{ ...result, blocks: [{ ...first, wallMs: 0 }] }, /"blocks\[0\]\.loadMs" and .* should be above 0/],
      [
        { ...result, buffers: [{ collector: 'tracelab', restart: 0, idleBytes: 1, samples: [{}] }] },
        /samples\[0\]\.spans" should be a number/,
      ],
    ];
    for (const [value, message] of wrong) {
      const parsed = parseCollectorCost(JSON.stringify(value));
      assert.ok(!parsed.ok);
      assert.match(parsed.error, message);
    }
  });
});

describe('collector-cost', () => {
  it('prints the table of a saved result, and refuses a file that is none', async () => {
    const file = join(folder, 'saved.json');
    writeFileSync(file, JSON.stringify(resultOf({ tracelab: 20 })));
    const [code, stdout] = await collectorCost(['--from', file]);
    assert.equal(code, 0);
    assert.match(stdout, /one core would take 50,000 spans\/s/);
    const [json, document] = await collectorCost(['--from', file, '--json']);
    assert.equal(json, 0);
    assert.equal((JSON.parse(document) as { summaries: unknown[] }).summaries.length, 1);
    writeFileSync(file, 'blocks');
    const [wrong, nothing, stderr] = await collectorCost(['--from', file]);
    assert.deepEqual([wrong, nothing], [2, '']);
    assert.match(stderr, /saved\.json is not JSON/);
  });

  it('says that OTELCOL_BIN is no collector before it starts anything', async () => {
    const [code, stdout, stderr] = await collectorCost(['--quick'], { OTELCOL_BIN: join(folder, 'nothing') });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /OTELCOL_BIN=.*nothing cannot be started: .*ENOENT/);
  });

  it('keeps what is measured when it is ended early, and leaves no process and no file behind', async () => {
    const [out, temporary] = [join(folder, 'early'), join(folder, 'tmp')];
    mkdirSync(temporary);
    const env = { TMPDIR: temporary, OTELCOL_BIN: '' };
    const run = startVerb(['collector-cost', '--quick', '--json', '--out', out], env);
    await run.untilSaid('memory');
    run.child.kill('SIGINT');
    assert.equal(await run.exitCode, 1);
    assert.equal((JSON.parse(run.stdout()) as { complete: boolean }).complete, false);
    const saved = parseCollectorCost(readFileSync(join(out, 'collector-cost.json'), 'utf8'));
    assert.ok(saved.ok && !saved.value.complete);
    assert.deepEqual(readdirSync(temporary), []);
    assert.deepEqual(processesNaming(temporary), []);
  });
});
