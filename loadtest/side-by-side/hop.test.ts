/**
 * The command as a user runs it, on real processes, so short that the figures mean nothing: what is tested is that all
 * tracers are measured side by side with every span delivered, that latencies are measured too, and that both are saved.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectRoot } from '@tracelab/command';
import { parseOverheadResult } from '../overhead/result.ts';
import type { MemorySeries } from './memory.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-hop-test-'));

after(() => rmSync(folder, { recursive: true, force: true }));

async function hop(...args: string[]): Promise<string> {
  const program = join(projectRoot, 'loadtest/main.ts');
  return (await promisify(execFile)(process.execPath, [program, 'hop', ...args])).stdout;
}

describe('bench:hop', () => {
  it('measures the tracers side by side, closed loop and open, with every span delivered', async () => {
    const out = join(folder, 'whole');
    const tiny = ['--restarts', '1', '--rounds', '1', '--block-ms', '20', '--warm-up-ms', '100'];
    const printed = JSON.parse(await hop('--quick', ...tiny, '--out', out, '--json')) as {
      summaries: { ratios: { rate: string }[] }[];
    };
    assert.deepEqual(
      printed.summaries[0]?.ratios.map(({ rate }) => rate),
      ['1/1024', '1/1'],
    );
    const parsed = parseOverheadResult(readFileSync(join(out, 'overhead.json'), 'utf8'));
    assert.ok(parsed.ok, parsed.ok ? '' : parsed.error);
    const [workload] = parsed.value.workloads;
    assert.equal(workload?.blocks.length, 2 + 2 + 4);
    const spansOf = (variant: string): unknown => {
      const block = workload?.blocks.find((candidate) => candidate.variant === variant);
      return block === undefined ? undefined : block.spans / block.requests;
    };
    assert.deepEqual([spansOf('none'), spansOf('lab 1/1'), spansOf('otel 1/1')], [0, 3, 7]);
    const latency = workload?.latency?.blocks ?? [];
    assert.deepEqual(
      new Map(latency.map((block) => [block.variant, block.latenciesUs.length + block.failures])),
      new Map(['lab 1/1', 'none', 'none (again)', 'otel 1/1'].map((variant) => [variant, 1000])),
    );
  });

  it('measures memory with the sink up and down', async () => {
    const out = join(folder, 'memory');
    // The queue holds 2048 spans: with nobody to take them, the front's 4000 cannot all wait.
    assert.match(await hop('--memory', '--requests', '2000', '--out', out), /lab, sink down[\s\S]* spans dropped/);
    const { series } = JSON.parse(readFileSync(join(out, 'memory.json'), 'utf8')) as { series: MemorySeries[] };
    for (const { situation, samples } of series) {
      assert.deepEqual([samples.length, samples.at(-1)?.requests], [41, 2000]);
      assert.equal((samples.at(-1)?.spansDropped ?? 0) > 0, situation === 'lab, sink down');
    }
  });
});
