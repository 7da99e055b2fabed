import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { START_UNIX_NANO } from '../test-kit/known-traces.ts';
import { largeTrace } from '../test-kit/large-trace.ts';
import { traceIdOf } from '../test-kit/make-trace.ts';
import { openViewer } from '../test-kit/open-viewer.ts';
import { textOf } from '../test-kit/read-page.ts';

const DOM_NODES_MAX = 1_500;

const viewer = await openViewer();

describe('a trace of 50,000 spans', { skip: viewer === undefined && 'no browser here' }, () => {
  if (viewer === undefined) return;
  const { page, collector } = viewer;
  after(viewer.close);

  it('is shown with a bounded number of elements, down to the last one', async () => {
    const large = largeTrace(50_000, START_UNIX_NANO);
    collector.store(large);
    await page.goto(`${collector.url}/?trace=${traceIdOf(large)}`);
    await page.locator('[data-span-id]').first().waitFor();
    assert.equal(await textOf(page, 'trace-spans'), '50,000');
    await page.keyboard.press('End');
    const last = await page.locator('[data-span-id][aria-rowindex="50001"]').boundingBox();
    assert.ok(last !== null && last.y > 200 && last.y < 860, `the last row should be in view: was at ${last?.y}`);
    const nodeCount = await page.evaluate<number>('document.querySelectorAll("*").length');
    assert.ok(nodeCount < DOM_NODES_MAX, `elements should be fewer than ${DOM_NODES_MAX}: were ${nodeCount}`);
    const order = await page.evaluate<number[]>(
      '[...document.querySelectorAll("[data-span-id]")].map((row) => Number(row.ariaRowIndex))',
    );
    assert.deepEqual(
      order,
      order.toSorted((left, right) => left - right),
      'rows should stand in document order',
    );
    await viewer.photograph('50k');
  });

  it('has thrown nothing on the way', () => assert.deepEqual(viewer.thrown, []));
});
