/** The command as a user runs it: the shop's real processes and the real collector, so few traces that it is quick. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { projectRoot } from '@tracelab/command';
import { bytesOnDisk, type ShapeFigures } from './figures.ts';
import { storeTraces } from './store-traces.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-span-bytes-test-'));

after(() => rmSync(folder, { recursive: true, force: true }));

interface Printed {
  complete: boolean;
  emptyStoreBytes: number;
  shapes: ShapeFigures[];
}

async function spanBytes(...args: string[]): Promise<Printed> {
  const program = join(projectRoot, 'loadtest/main.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'span-bytes', ...args, '--json']);
  return JSON.parse(stdout) as Printed;
}

describe('bench:bytes', () => {
  it('stores every span of every shape, and tells bytes on the wire and on disk', async () => {
    const { complete, emptyStoreBytes, shapes } = await spanBytes('--traces', '20', '--seed', '5');
    assert.deepEqual(
      shapes.map(({ title, traces }) => [title, traces]),
      [
        ['checkout, lab’s tracer', 20],
        ['checkout, official SDK', 20],
        ['10 attributes, random values', 20],
        ['10 attributes, same values', 20],
      ],
    );
    for (const shape of shapes) {
      assert.ok(shape.spans >= 10 * shape.traces, `${shape.title}: ${shape.spans} spans`);
      assert.ok(shape.gzipBytesPerSpan < shape.wireBytesPerSpan, shape.title);
      assert.equal(shape.diskBytesPerSpan, bytesOnDisk(shape.files) / shape.spans);
      assert.ok(bytesOnDisk(shape.files) > emptyStoreBytes, shape.title);
    }
    const [, , random, same] = shapes;
    assert.equal(random?.wireBytesPerSpan, same?.wireBytesPerSpan, 'on the wire both are as large');
    assert.ok(
      (random?.diskBytesPerSpan ?? 0) > (same?.diskBytesPerSpan ?? Infinity),
      'zstd finds only one of them twice',
    );
    assert.equal(complete, true);
  });

  it('holds nothing where the collector does not take what it is sent', async () => {
    const recording = { requests: [Buffer.from('no protobuf')], spans: 1 };
    await assert.rejects(
      storeTraces(recording, join(folder, 'garbage'), new AbortController().signal),
      /the collector answered 400: should be 200/,
    );
  });
});
