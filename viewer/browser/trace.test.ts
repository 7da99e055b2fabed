/** Pixels are measured through the map that the canvas of the bars exposes. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { slowBankId, knownTraces } from '../test-kit/known-traces.ts';
import { until } from '../../test/until.ts';
import { openViewer } from '../test-kit/open-viewer.ts';
import { barsOf, focusedLevel, spanIdOf, textOf, waitForRows, waitForSpans } from '../test-kit/read-page.ts';

const viewer = await openViewer();

describe('the page of a trace', { skip: viewer === undefined && 'no browser here' }, () => {
  if (viewer === undefined) return;
  const { page, collector } = viewer;
  after(viewer.close);
  for (const trace of knownTraces) collector.store(trace);

  it('opens a trace with a row for each span and bars of the right length', async () => {
    await page.goto(collector.url);
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
    await viewer.photograph('trace-light');
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
    await viewer.photograph('details-light');
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
    await until('the zoom to settle', async () => Math.abs((await widthOf()) / whole - 1 / 0.85) < 0.01);
    await page.mouse.move(ruler.x + ruler.width / 2, ruler.y + 200);
    const zoomOf = (): string => new URL(page.url()).searchParams.get('zoom') ?? '';
    await until('the zoom to settle', async () => zoomOf() !== '');
    const dragged = zoomOf();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await until('the zoom to settle', async () => zoomOf() !== dragged);
    const zoomed = zoomOf();
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 60);
    await page.keyboard.up('Shift');
    await until('the zoom to settle', async () => zoomOf() !== zoomed);
    const length = (zoom: string): number =>
      zoom
        .split('-')
        .map(Number)
        .reduce((start, end) => end - start);
    assert.equal(length(zoomOf()), length(zoomed));
    await page.keyboard.press('0');
    await until('the zoom to settle', async () => (await widthOf()) === whole);
  });

  it('closes all siblings by alt+click, and lets the divider be moved by keys', async () => {
    await page.locator('[aria-rowindex="5"]').click({ modifiers: ['Alt'] });
    await waitForSpans(page, 6);
    const divider = page.getByRole('separator');
    const width = Number(await divider.getAttribute('aria-valuenow'));
    await divider.press('ArrowRight');
    assert.equal(Number(await divider.getAttribute('aria-valuenow')), width + 24);
  });

  it('names whom a client span calls, and gives a narrow room to its own name first', async () => {
    await page.goto(`${collector.url}/trace/${slowBankId}`);
    await waitForSpans(page, 13);
    const row = page.locator('[aria-rowindex="5"]');
    const target = row.locator('.span-target');
    const divider = page.getByRole('separator');
    const isTargetInRow = async (): Promise<boolean> => {
      const [outer, inner] = [await row.boundingBox(), await target.boundingBox()];
      return outer !== null && inner !== null && inner.y < outer.y + outer.height;
    };
    assert.equal(await target.innerText(), '→ 127.0.0.1:4604/quote');
    assert.match((await row.getAttribute('aria-label')) ?? '', /^checkout POST to 127\.0\.0\.1:4604\/quote, /);
    assert.equal(await isTargetInRow(), true);
    for (let steps = 0; steps < 7; steps++) await divider.press('ArrowLeft');
    assert.equal(await isTargetInRow(), false);
    const widths = await page.evaluate<[wanted: number, given: number]>(
      `(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.querySelector('[aria-rowindex="5"] .span-operation'))`,
    );
    assert.equal(widths[0], widths[1], 'the name should not be cut');
    for (let steps = 0; steps < 4; steps++) await divider.press('ArrowLeft');
    const narrowest = await page.locator('.span-row', { hasText: 'POST bank' }).locator('.span-names').boundingBox();
    assert.ok(narrowest !== null && narrowest.width >= 40, `a name should keep 40 px: had ${narrowest?.width}`);
  });

  it("says when a trace began in the reader's language and time zone, on one line", async () => {
    const german = { locale: 'de-DE', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 720 } };
    const context = await page.context().browser()?.newContext(german);
    assert.ok(context !== undefined);
    const germanPage = await context.newPage();
    await germanPage.goto(`${collector.url}/trace/${slowBankId}`);
    await waitForSpans(germanPage, 13);
    assert.match(await textOf(germanPage, 'trace-start'), /^21\. Sep\S* 2026, 16:13:20,000$/);
    const title = await germanPage.locator('.fact', { hasText: 'Started' }).getAttribute('title');
    assert.equal(title, '2026-09-21T14:13:20.000Z');
    const tops = await germanPage.evaluate<number[]>(
      '[...document.querySelectorAll(".trace-facts dd")].map((fact) => fact.offsetTop)',
    );
    assert.equal(new Set(tops).size, 1);
    const start = await germanPage.locator('[data-field="trace-start"]').boundingBox();
    assert.ok(start !== null && start.height < 30, `the start should take one line: was ${start?.height} px high`);
    await context.close();
  });

  it('has thrown nothing on the way', () => assert.deepEqual(viewer.thrown, []));
});
