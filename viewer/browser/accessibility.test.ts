import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { findDefects, THEMES } from '../../test/find-defects.ts';
import { failedBankId, knownTraces, slowBank, slowBankId } from '../test-kit/known-traces.ts';
import { openViewer } from '../test-kit/open-viewer.ts';
import { waitForRows, waitForSpans } from '../test-kit/read-page.ts';
import { startRealCollector } from '../test-kit/real-collector.ts';
import { healthCheck, healthCheckId, VOTED_POLICIES } from '../test-kit/voted-traces.ts';

const viewer = await openViewer();

describe('the viewer for every reader', { skip: viewer === undefined && 'no browser here' }, () => {
  if (viewer === undefined) return;
  const { page, collector } = viewer;
  after(viewer.close);
  for (const trace of knownTraces) collector.store(trace);

  for (const [theme, media] of Object.entries(THEMES)) {
    it(`has no serious accessibility defect in ${theme}`, async () => {
      await page.emulateMedia(media);
      await page.goto(collector.url);
      await waitForRows(page, 3);
      await viewer.photograph(`search-${theme}`);
      assert.deepEqual(await findDefects(page), []);
      await page.goto(`${collector.url}/?trace=${failedBankId}`);
      await waitForSpans(page, 13);
      await page.keyboard.press('e');
      await page.locator('.details').waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('pay');
      await page.getByText('3 matches').waitFor();
      await viewer.photograph(`error-${theme}`);
      assert.deepEqual(await findDefects(page), []);
    });
  }

  it('has none where it explains a decision, in any theme', async (test) => {
    const real = await startRealCollector(VOTED_POLICIES);
    test.after(real.close);
    await real.answer(page);
    for (const trace of [slowBank, healthCheck]) await real.send(trace);
    for (const [theme, media] of Object.entries(THEMES)) {
      await page.emulateMedia(media);
      for (const [name, traceId] of [
        ['kept', slowBankId],
        ['dropped', healthCheckId],
      ]) {
        await page.goto(`${collector.url}/explain/${traceId}`);
        await page.locator('.votes').waitFor();
        await viewer.photograph(`${name}-${theme}`);
        assert.deepEqual(await findDefects(page), [], `${name}, ${theme}`);
      }
    }
    await page.getByLabel('Trace id').fill('nonsense');
    await page.keyboard.press('Enter');
    await page.locator('[data-field="trace-id-problem"]').waitFor();
    assert.deepEqual(await findDefects(page), []);
  });

  it('has thrown nothing on the way', () => assert.deepEqual(viewer.thrown, []));
});
