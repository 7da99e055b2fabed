import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { NotHeldError, UsageError } from '@tracelab/command';
import type { CollectorCostResult } from '@tracelab/protocol';
import { chooseFigures, readCollectorName } from './collector-figures.ts';
import { savedCost } from './fixture.test-kit.ts';

let folder = '';
const folders: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracelab-figures-'));
  folders.push(folder);
});
after(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));

function save(time: string, result: CollectorCostResult | string): string {
  const place = join(folder, 'collector-cost', time);
  mkdirSync(place, { recursive: true });
  const file = join(place, 'collector-cost.json');
  writeFileSync(file, typeof result === 'string' ? result : JSON.stringify(result));
  return file;
}

const choose = (collector: 'tracelab' | 'otelcol', file = ''): ReturnType<typeof chooseFigures> =>
  chooseFigures(collector, file, { LAB_DATA_DIR: folder });

describe('chooseFigures', () => {
  it('takes the newest measurement that has the collector, and says which', async () => {
    save('2026-11-26T10-00-00', savedCost({ tracelab: 30, otelcol: 9 }));
    const newest = save('2026-11-27T10-00-00', savedCost({ tracelab: 20 }));
    mkdirSync(join(folder, 'collector-cost', '2026-11-28T10-00-00'));
    const { figures, source } = await choose('tracelab');
    assert.deepEqual(
      { ...figures, cpuUsPerSpan: Math.round(figures.cpuUsPerSpan), idleBytes: Math.round(figures.idleBytes) },
      {
        spanBytes: 350,
        cpuUsPerSpan: 20,
        idleBytes: 60e6,
        bytesPerBufferedSpan: 800,
        countedBytesPerSpan: 500,
        tickS: 0.1,
      },
    );
    assert.equal(source, `measured: tracelab 1.2.3 on a CPU, 2 cores, 2026-11-28 (${newest})`);
    const other = (await choose('otelcol')).figures;
    assert.deepEqual([Math.round(other.cpuUsPerSpan), other.routerCpuUsPerSpan], [9, 5.5]);
    save('2026-11-28T09-00-00', savedCost({ otelcol: 9, 'otelcol-router': 4 }));
    assert.equal(Math.round((await choose('otelcol')).figures.routerCpuUsPerSpan ?? 0), 4);
  });

  it('takes the named file, and refuses one that has not the collector or is no result', async () => {
    const file = save('2026-11-26T10-00-00', savedCost({ tracelab: 30 }));
    save('2026-11-27T10-00-00', savedCost({ tracelab: 20 }));
    assert.equal(Math.round((await choose('tracelab', file)).figures.cpuUsPerSpan), 30);
    await assert.rejects(choose('otelcol', file), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /has no complete figures of otelcol: measure with npm run bench:collector:dapper/);
      return true;
    });
    await assert.rejects(choose('tracelab', save('x', '{}')), /"format" should be "tracelab-collector-cost"/);
    await assert.rejects(choose('tracelab', join(folder, 'none')), /cannot be read: ENOENT/);
  });

  it('has figures of others for the OpenTelemetry Collector alone, and says that they are', async () => {
    const { figures, source } = await choose('otelcol');
    assert.deepEqual([figures.cpuUsPerSpan, figures.bytesPerBufferedSpan, figures.tickS], [10.1, 3200, 1]);
    assert.match(source, /^NOT MEASURED HERE: .*0\.158/);
    await assert.rejects(choose('tracelab'), (error: Error) => {
      assert.ok(error instanceof NotHeldError);
      assert.match(error.message, /nobody has measured our collector .*: run npm run bench:collector:dapper/);
      return true;
    });
  });

  it('does not plan with a run that was ended before anything complete was measured, nor with noise', async () => {
    save('2026-11-27T10-00-00', { ...savedCost({ tracelab: 20 }), complete: false, blocks: [] });
    save('2026-11-28T10-00-00', savedCost({ tracelab: -1 }));
    await assert.rejects(choose('tracelab'), NotHeldError);
    save('2026-11-26T10-00-00', { ...savedCost({ tracelab: 20 }), complete: false });
    assert.match((await choose('tracelab')).source, /ENDED EARLY/);
  });
});

describe('readCollectorName', () => {
  it('requires one of the two', () => {
    assert.equal(readCollectorName('otelcol'), 'otelcol');
    assert.throws(() => readCollectorName(''), /--collector should be one of tracelab, otelcol: was not given/);
    assert.throws(() => readCollectorName('jaeger'), /was "jaeger"/);
  });
});
