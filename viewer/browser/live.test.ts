/** What arrives while somebody looks: new traces, a collector that goes away, traces that are not yet decided. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { checkoutTrace } from '../test-kit/checkout-trace.ts';
import {
  failedBank,
  quickBank,
  quickBankId,
  SECOND_NANO,
  slowBank,
  slowBankId,
  START_UNIX_NANO,
} from '../test-kit/known-traces.ts';
import { traceIdOf } from '../test-kit/make-trace.ts';
import { openViewer } from '../test-kit/open-viewer.ts';
import { waitForRows, waitForSpans } from '../test-kit/read-page.ts';

const viewer = await openViewer();

describe('the viewer while traces arrive', { skip: viewer === undefined && 'no browser here' }, () => {
  if (viewer === undefined) return;
  const { page, collector } = viewer;
  after(viewer.close);

  it('says what to run while there is no trace, and shows the first one without reloading', async () => {
    await page.goto(collector.url);
    await page.getByText('No trace yet').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    collector.sampleOut(4700);
    await page
      .getByText('4,700 spans have arrived: 0 wait for the decision on their trace, 4,700 were sampled out.')
      .waitFor();
    await viewer.photograph('nothing-kept');
    collector.store(slowBank);
    await page.locator(`[data-trace-id="${slowBankId}"]`).waitFor();
    collector.store(failedBank);
    await page.getByText('▲ 6 errors').waitFor();
  });

  it('stands still while paused, and catches up on demand', async () => {
    await page.locator('[data-field="live"]').click();
    collector.store(quickBank);
    await page.getByText('Show new traces').waitFor();
    assert.equal(await page.locator('.trace-row').count(), 2);
    assert.match(page.url(), /paused=true/);
    await page.getByText('Show new traces').click();
    await page.locator(`[data-trace-id="${quickBankId}"]`).waitFor();
    await page.locator('[data-field="live"]').click();
  });

  it('says so while the collector is away, and recovers by itself', async () => {
    collector.refuse(true);
    await page.getByText('asking every 2 s').waitFor();
    await page.getByText('The collector does not answer.').waitFor();
    collector.refuse(false);
    await page.getByText('The collector does not answer.').waitFor({ state: 'detached' });
    await waitForRows(page, 3);
  });

  it('refreshes an undecided trace until it is decided', async () => {
    const pending = checkoutTrace({ seed: 9, startTimeUnixNano: START_UNIX_NANO + 3n * SECOND_NANO, bankMs: 10 });
    collector.store(pending, true);
    await page.goto(`${collector.url}/?trace=${traceIdOf(pending)}`);
    await page.locator('[data-field="pending"]').waitFor();
    await viewer.photograph('pending');
    collector.store(pending, false);
    await page.locator('[data-field="pending"]').waitFor({ state: 'detached' });
    await waitForSpans(page, 13);
  });

  it('says so when an undecided trace is sampled out, and keeps showing what it had', async () => {
    const unlucky = checkoutTrace({ seed: 10, startTimeUnixNano: START_UNIX_NANO, bankMs: 10 });
    collector.store(unlucky, true);
    await page.goto(`${collector.url}/trace/${traceIdOf(unlucky)}`);
    await page.locator('[data-field="pending"]').waitFor();
    collector.drop(traceIdOf(unlucky));
    await page.getByText('sampled out, not stored').waitFor();
    await waitForSpans(page, 13);
  });

  it('has thrown nothing on the way', () => assert.deepEqual(viewer.thrown, []));
});
