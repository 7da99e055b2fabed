/** What tests read from the pages: by the map that the bars' canvas exposes, and by `data-` attributes. */
import type { Page } from 'playwright-core';

export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where the canvas drew each visible span, in CSS pixels of the canvas. */
export async function barsOf(page: Page): Promise<Map<string, Bar>> {
  const rectangles = 'document.querySelector(".waterfall-bars canvas")?.spanRectangles';
  await page.waitForFunction(`${rectangles}?.size > 0`);
  return new Map(await page.evaluate<[string, Bar][]>(`[...${rectangles}]`));
}

export async function spanIdOf(page: Page, operation: string): Promise<string> {
  return (await page.locator('.span-row', { hasText: operation }).first().getAttribute('data-span-id')) ?? '';
}

export function textOf(page: Page, field: string): Promise<string> {
  return page.locator(`[data-field="${field}"]`).innerText();
}

export function focusedLevel(page: Page): Promise<string> {
  return page.evaluate<string>('document.activeElement.getAttribute("aria-level")');
}

/** Waits for a search result of so many traces. */
export async function waitForRows(page: Page, count: number): Promise<void> {
  await page.waitForFunction(`document.querySelectorAll(".trace-row").length === ${count}`);
}

/** Waits for a waterfall of so many rows. */
export async function waitForSpans(page: Page, count: number): Promise<void> {
  await page.waitForFunction(`document.querySelectorAll("[data-span-id]").length === ${count}`);
}
