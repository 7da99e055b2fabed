import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { knownTraces } from '../test-kit/known-traces.ts';
import { openViewer } from '../test-kit/open-viewer.ts';
import { waitForRows } from '../test-kit/read-page.ts';

const viewer = await openViewer();

describe('the search page', { skip: viewer === undefined && 'no browser here' }, () => {
  if (viewer === undefined) return;
  const { page, collector } = viewer;
  after(viewer.close);
  for (const trace of knownTraces) collector.store(trace);

  it('filters through the address, goes back, and names the filter to loosen', async () => {
    await page.goto(collector.url);
    await page.getByLabel('Errors only').check();
    await waitForRows(page, 1);
    assert.match(page.url(), /error=true/);
    await page.getByLabel('Min ms').fill('5000');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing matches').waitFor();
    await page.getByRole('button', { name: 'Without “at least 5000 ms”' }).and(page.locator('.is-primary')).waitFor();
    await page.goBack();
    await waitForRows(page, 1);
    await page.goBack();
    await waitForRows(page, 3);
    assert.doesNotMatch(page.url(), /error/);
  });

  it('shows a trace of nothing but garbage in the address as the search, and says so', async () => {
    await page.goto(`${collector.url}/?trace=nonsense&limit=-1`);
    await page.getByText('Part of the address could not be read').waitFor();
    await waitForRows(page, 3);
  });

  it('has thrown nothing on the way', () => assert.deepEqual(viewer.thrown, []));
});
