/**
 * The viewer as a reader meets it: a real browser, the built bundle, and an API with traces of known times. Pixels are
 * measured through the map that the bars' canvas exposes, and screenshots are kept to be looked at.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../test/browser.ts';
import { buildViewer } from './test-kit/build-viewer.ts';
import type { BuiltViewer } from './test-kit/build-viewer.ts';
import { startCannedCollector } from './test-kit/canned-collector.ts';
import type { CannedCollector } from './test-kit/canned-collector.ts';
import { checkoutTrace } from './test-kit/checkout-trace.ts';
import { largeTrace } from './test-kit/large-trace.ts';
import { traceIdOf } from './test-kit/make-trace.ts';

const START = 1_790_000_000_000_000_000n;
const SECOND_NANO = 1_000_000_000n;
const SCREENSHOTS = join(import.meta.dirname, '..', '.tracelab', 'screenshots');
const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DOM_NODES_MAX = 1_500;

const slowBank = checkoutTrace({ seed: 1, startTimeUnixNano: START, bankMs: 870.123456 });
const failedBank = checkoutTrace({
  seed: 2,
  startTimeUnixNano: START + SECOND_NANO,
  bankMs: 150,
  bankError: 'bank answered 503',
});
const slowBankId = traceIdOf(slowBank);

const browser = await launchBrowser();

describe('the viewer in a browser', { skip: browser === undefined && 'no browser here' }, () => {
  let viewer: BuiltViewer;
  let collector: CannedCollector;
  let page: Page;
  const failures: string[] = [];

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    viewer = await buildViewer();
    collector = await startCannedCollector(viewer.folder);
    page = await newPage(browser, failures);
  });
  after(async () => {
    await browser?.close();
    await collector.close();
    viewer.remove();
  });

  it('says what to run while there is no trace, and shows the first one without reloading', async () => {
    await page.goto(collector.url);
    await page.getByText('No trace yet').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    collector.store(slowBank);
    await page.locator(`[data-trace-id="${slowBankId}"]`).waitFor();
    collector.store(failedBank);
    await page.getByText('▲ 6 errors').waitFor();
  });

  it('stands still while paused, and catches up on demand', async () => {
    await page.locator('[data-field="live"]').click();
    const late = checkoutTrace({ seed: 3, startTimeUnixNano: START + 2n * SECOND_NANO, bankMs: 90 });
    collector.store(late);
    await page.getByText('Show new traces').waitFor();
    assert.equal(await page.locator('.trace-row').count(), 2);
    assert.match(page.url(), /paused=true/);
    await page.getByText('Show new traces').click();
    await page.locator(`[data-trace-id="${traceIdOf(late)}"]`).waitFor();
    await page.locator('[data-field="live"]').click();
  });

  it('filters through the address, goes back, and names the filter to loosen', async () => {
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

  it('says so while the collector is away, and recovers by itself', async () => {
    collector.refuse(true);
    await page.getByText('asking every 2 s').waitFor();
    await page.getByText('The collector does not answer.').waitFor();
    collector.refuse(false);
    await page.getByText('The collector does not answer.').waitFor({ state: 'detached' });
    await waitForRows(page, 3);
  });

  it('opens a trace with a row for each span and bars of the right length', async () => {
    await page.locator(`[data-trace-id="${slowBankId}"]`).click();
    await waitForSpans(page, 13);
    assert.equal(await textOf(page, 'trace-duration'), '1.2 s');
    assert.equal(await textOf(page, 'trace-errors'), '0');
    const bars = await barsOf(page);
    const root = bars.get(await spanIdOf(page, 'POST /checkout'));
    const bank = bars.get(await spanIdOf(page, 'POST bank'));
    assert.ok(root !== undefined && bank !== undefined);
    const share = 870.123456 / 1200.123456;
    assert.ok(
      Math.abs(bank.width / root.width - share) < 0.005,
      `the bank's bar should take ${share} of the root's: was ${bank.width / root.width}`,
    );
    await page.screenshot({ path: join(SCREENSHOTS, 'viewer-trace-light.png') });
  });

  it('opens the details of the span whose bar is clicked, exact to the nanosecond', async () => {
    const bar = (await barsOf(page)).get(await spanIdOf(page, 'POST bank'));
    const canvas = await page.locator('.waterfall-bars canvas').boundingBox();
    assert.ok(bar !== undefined && canvas !== null);
    await page.mouse.click(canvas.x + bar.x + bar.width / 2, canvas.y + bar.y + bar.height / 2);
    await page.locator('[data-field="operation"]', { hasText: 'POST bank' }).waitFor();
    assert.equal(await textOf(page, 'duration'), '870.1 ms');
    assert.equal(await page.locator('[data-field="duration"]').getAttribute('data-nano'), '870123456');
    assert.equal(await textOf(page, 'kind'), 'client');
    await page.locator('.span-row', { hasText: 'POST /payments' }).click();
    await page.locator('[data-field="operation"]', { hasText: 'POST /payments' }).waitFor();
    assert.equal(await page.locator('[data-field="self-time"]').getAttribute('data-nano'), '111000000');
    await page.screenshot({ path: join(SCREENSHOTS, 'viewer-details-light.png') });
  });

  it('is driven by the keyboard alone, and Esc goes back step by step', async () => {
    await page.keyboard.press('Escape');
    await page.locator('.details').waitFor({ state: 'detached' });
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focusedLevel(page), '3');
    await page.keyboard.press('ArrowLeft');
    await waitForSpans(page, 3);
    await page.keyboard.press('ArrowRight');
    await waitForSpans(page, 13);
    await page.keyboard.press('Enter');
    await page.locator('[data-field="operation"]', { hasText: 'POST /orders' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('sqlite');
    await page.getByText('1 match', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-field="operation"]', { hasText: 'UPDATE products' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.locator('.details').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await waitForRows(page, 3);
  });

  it('keeps span, zoom and collapsed spans in the address, through a reload', async () => {
    await page.goto(`${collector.url}/?trace=${slowBankId}`);
    await waitForSpans(page, 13);
    await page.locator('.span-row', { hasText: 'POST /quote' }).locator('.span-caret').click();
    await waitForSpans(page, 11);
    await page.locator('.span-row', { hasText: 'POST bank' }).dblclick();
    await page.getByRole('button', { name: 'Reset zoom' }).waitFor();
    await page.waitForURL(/trace\/[0-9a-f]{32}\?span=[0-9a-f]{16}&collapsed=[0-9a-f]{16}&zoom=\d+-\d+/);
    const before = await barsOf(page);
    await page.reload();
    await waitForSpans(page, 11);
    await page.locator('[data-field="operation"]', { hasText: 'POST bank' }).waitFor();
    assert.deepEqual(await barsOf(page), before);
  });

  it('zooms by a drag on the ruler and by ctrl+wheel at the pointer, and pans by shift+wheel', async () => {
    await page.goto(`${collector.url}/trace/${slowBankId}`);
    await waitForSpans(page, 13);
    const bank = await spanIdOf(page, 'POST bank');
    const widthOf = async (): Promise<number> => (await barsOf(page)).get(bank)?.width ?? 0;
    const whole = await widthOf();
    const ruler = await page.locator('.waterfall-ruler').boundingBox();
    assert.ok(ruler !== null);
    await page.mouse.move(ruler.x + ruler.width * 0.1, ruler.y + 10);
    await page.mouse.down();
    await page.mouse.move(ruler.x + ruler.width * 0.95, ruler.y + 10, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Reset zoom' }).waitFor();
    await until(async () => Math.abs((await widthOf()) / whole - 1 / 0.85) < 0.01);
    await page.mouse.move(ruler.x + ruler.width / 2, ruler.y + 200);
    const zoomOf = (): string => new URL(page.url()).searchParams.get('zoom') ?? '';
    await until(async () => zoomOf() !== '');
    const dragged = zoomOf();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await until(async () => zoomOf() !== dragged);
    const zoomed = zoomOf();
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 60);
    await page.keyboard.up('Shift');
    await until(async () => zoomOf() !== zoomed);
    const length = (zoom: string): number =>
      zoom
        .split('-')
        .map(Number)
        .reduce((start, end) => end - start);
    assert.equal(length(zoomOf()), length(zoomed));
    await page.keyboard.press('0');
    await until(async () => (await widthOf()) === whole);
  });

  it('closes all siblings by alt+click, and lets the divider be moved by keys', async () => {
    await page.locator('[aria-rowindex="5"]').click({ modifiers: ['Alt'] });
    await waitForSpans(page, 6);
    const divider = page.getByRole('separator');
    const width = Number(await divider.getAttribute('aria-valuenow'));
    await divider.press('ArrowRight');
    assert.equal(Number(await divider.getAttribute('aria-valuenow')), width + 24);
  });

  it('shows a trace of nothing but garbage in the address as the search, and says so', async () => {
    await page.goto(`${collector.url}/?trace=nonsense&limit=-1`);
    await page.getByText('Part of the address could not be read').waitFor();
    await waitForRows(page, 3);
  });

  it('refreshes an undecided trace until it is decided', async () => {
    const pending = checkoutTrace({ seed: 9, startTimeUnixNano: START + 3n * SECOND_NANO, bankMs: 10 });
    collector.store(pending, true);
    await page.goto(`${collector.url}/?trace=${traceIdOf(pending)}`);
    await page.locator('[data-field="pending"]').waitFor();
    collector.store(pending, false);
    await page.locator('[data-field="pending"]').waitFor({ state: 'detached' });
    await waitForSpans(page, 13);
  });

  it('says so when an undecided trace is sampled out, and keeps showing what it had', async () => {
    const unlucky = checkoutTrace({ seed: 10, startTimeUnixNano: START, bankMs: 10 });
    collector.store(unlucky, true);
    await page.goto(`${collector.url}/trace/${traceIdOf(unlucky)}`);
    await page.locator('[data-field="pending"]').waitFor();
    collector.drop(traceIdOf(unlucky));
    await page.getByText('sampled out, not stored').waitFor();
    await waitForSpans(page, 13);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no serious accessibility defect in ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      await page.goto(collector.url);
      await waitForRows(page, 4);
      await page.screenshot({ path: join(SCREENSHOTS, `viewer-search-${colorScheme}.png`) });
      assert.deepEqual(await defectsOf(page), []);
      await page.goto(`${collector.url}/?trace=${traceIdOf(failedBank)}`);
      await waitForSpans(page, 13);
      await page.keyboard.press('e');
      await page.locator('.details').waitFor();
      await page.screenshot({ path: join(SCREENSHOTS, `viewer-error-${colorScheme}.png`) });
      assert.deepEqual(await defectsOf(page), []);
    });
  }

  it('shows 50,000 spans with a bounded number of elements, down to the last one', async () => {
    const large = largeTrace(50_000, START - 100n * SECOND_NANO);
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
    await page.screenshot({ path: join(SCREENSHOTS, 'viewer-50k.png') });
  });

  it('has thrown nothing on the way', () => assert.deepEqual(failures, []));
});

async function newPage(from: Browser | undefined, failures: string[]): Promise<Page> {
  assert.ok(from !== undefined);
  const page = await from.newPage({ viewport: { width: 1440, height: 860 } });
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => failures.push(error.message));
  return page;
}

interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where the canvas drew each visible span. */
async function barsOf(page: Page): Promise<Map<string, Bar>> {
  const rectangles = 'document.querySelector(".waterfall-bars canvas")?.spanRectangles';
  await page.waitForFunction(`${rectangles}?.size > 0`);
  return new Map(await page.evaluate<[string, Bar][]>(`[...${rectangles}]`));
}

async function spanIdOf(page: Page, operation: string): Promise<string> {
  return (await page.locator('.span-row', { hasText: operation }).first().getAttribute('data-span-id')) ?? '';
}

function textOf(page: Page, field: string): Promise<string> {
  return page.locator(`[data-field="${field}"]`).innerText();
}

function focusedLevel(page: Page): Promise<string> {
  return page.evaluate<string>('document.activeElement.getAttribute("aria-level")');
}

async function waitForRows(page: Page, count: number): Promise<void> {
  await page.waitForFunction(`document.querySelectorAll(".trace-row").length === ${count}`);
}

async function waitForSpans(page: Page, count: number): Promise<void> {
  await page.waitForFunction(`document.querySelectorAll("[data-span-id]").length === ${count}`);
}

/** Polls a condition; the deadline is far beyond what a slow machine needs. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const givenUpMs = Date.now() + 20_000;
  while (!(await condition())) {
    assert.ok(Date.now() < givenUpMs, `the condition did not come true: ${condition.toString()}`);
    await new Promise((resume) => setTimeout(resume, 25));
  }
}

/** What axe-core finds of weight, with the elements concerned. */
async function defectsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE_SOURCE);
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 160)).join(' | ')))`,
  );
}
