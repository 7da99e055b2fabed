/** The page as a reader meets it: a file in a real browser, in both themes, on a desk and on a phone. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../../test/browser.ts';
import { findDefects, THEMES } from '../../../test/find-defects.ts';
import { renderPoolPage } from '../../pool/pool-page.ts';
import { poolRuns } from '../../pool/pool-runs.ts';
import { drawRun } from '../fixture/draw-run.ts';
import { renderPage } from './render-page.ts';

const SCREENSHOTS = join(import.meta.dirname, '..', '..', '..', '.tracelab', 'screenshots');
const folder = mkdtempSync(join(tmpdir(), 'tracelab-page-test-'));
const file = join(folder, 'overhead.html');
const poolFile = join(folder, 'pool.html');
const browser = await launchBrowser();

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the report page in a browser', { skip: browser === undefined && 'no browser here' }, () => {
  if (browser === undefined) return;
  before(() => {
    const runs = [1, 2].map((seed) => ({ file: `${seed}.json`, result: drawRun(seed) }));
    writeFileSync(file, renderPage(drawRun(2010)));
    writeFileSync(poolFile, renderPoolPage(poolRuns(runs), runs));
  });

  for (const [theme, media] of Object.entries(THEMES)) {
    for (const width of [1280, 390]) {
      it(`draws every chart, asks for nothing and has no accessibility defect: ${theme}, ${width} px`, async () => {
        const { page, complaints } = await open(width);
        await page.emulateMedia(media);
        await page.waitForFunction('document.querySelectorAll("canvas").length === 10');
        assert.deepEqual(await findDefects(page), []);
        assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
        await photograph(page, `${theme}-${width}`);
        assert.deepEqual(complaints, []);
        await page.close();
      });
    }
  }

  it('draws with the colours of the theme that is switched to, and keeps to it on paper', async () => {
    const { page } = await open(1280);
    await page.emulateMedia({ colorScheme: 'light' });
    const [light, dark] = ['#3d5fd0', '#8aa6ff'].map(rgbOf);
    assert.ok(await hasColour(page, light));
    await page.getByLabel('Dark').check();
    assert.ok(await hasColour(page, dark));
    assert.equal(await hasColour(page, light), false);
    await page.emulateMedia({ media: 'print' });
    assert.ok(await hasColour(page, light));
    await page.close();
  });

  it('draws a forest for each row of a page of many machines, without a defect', async () => {
    const { page, complaints } = await open(390, poolFile);
    await page.waitForFunction('document.querySelectorAll("canvas").length === 18');
    assert.deepEqual(await findDefects(page), []);
    assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
    await photograph(page, 'pool');
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('tells the figures under the pointer', async () => {
    const { page } = await open(1280);
    const chart = page.locator('#chart-0-added .u-over');
    await chart.hover({ position: { x: 200, y: 10 } });
    assert.match(
      await page.locator('#chart-0-added .tip').innerText(),
      /^none \(again\): \+0\.6 \[-0\.3\.\.\+1\.4\] µs$/,
    );
    await page.close();
  });

  it('has every figure in tables where no script runs', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    assert.equal(await page.getByText('The charts need the script of this page').isVisible(), true);
    assert.equal(await page.locator('table').count(), 4);
    await context.close();
  });

  /** A page of that width; whatever the browser complains of, and whatever it asks the network for, is kept. */
  async function open(width: number, of = file): Promise<{ page: Page; complaints: string[] }> {
    const page = (await browser?.newPage({ viewport: { width, height: 900 }, locale: 'en-US' })) as Page;
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(of).href) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(of).href);
    await page.waitForFunction('document.documentElement.classList.contains("has-charts")');
    return { page, complaints };
  }
});

async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `report-${name}.png`), fullPage: true });
}

function rgbOf(hex: string): string {
  return [1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16)).join(',');
}

/** Whether the first chart has a pixel of that colour, after the next frames have been painted. */
function hasColour(page: Page, rgb = ''): Promise<boolean> {
  return page.evaluate<boolean>(
    `(async () => {
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      const canvas = document.querySelector('#chart-0-added canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] === 255 && data.slice(at, at + 3).join() === '${rgb}') return true;
      return false;
    })()`,
  );
}
