import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../test/browser.ts';
import { buildViewer } from './build-viewer.ts';
import { startCannedCollector } from './canned-collector.ts';
import type { CannedCollector } from './canned-collector.ts';

const SCREENSHOTS = join(import.meta.dirname, '..', '..', '.tracelab', 'screenshots');
/** Far beyond what a slow machine needs. */
const DEADLINE_MS = 20_000;

/** The viewer as a reader meets it: a real browser, the built bundle, and an API over traces of known times. */
export interface OpenViewer {
  page: Page;
  collector: CannedCollector;
  /** Messages of errors that no code of the page caught; a suite ends by looking. */
  thrown: readonly string[];
  /** Keeps the page as `.tracelab/screenshots/viewer-<name>.png`, to be looked at. */
  photograph: (name: string) => Promise<void>;
  close: () => Promise<void>;
}

/** Opens an empty page; undefined where there is no browser, so that the suite can be skipped. Under a second in all. */
export async function openViewer(): Promise<OpenViewer | undefined> {
  const [browser, built] = await Promise.all([launchBrowser(), buildViewer()]);
  if (browser === undefined) {
    built.remove();
    return undefined;
  }
  const collector = await startCannedCollector(built.folder);
  const page = await browser.newPage({ viewport: { width: 1440, height: 860 } });
  const thrown: string[] = [];
  page.setDefaultTimeout(DEADLINE_MS);
  page.on('pageerror', (error) => thrown.push(error.message));
  mkdirSync(SCREENSHOTS, { recursive: true });
  return {
    page,
    collector,
    thrown,
    photograph: async (name) => {
      await page.screenshot({ path: join(SCREENSHOTS, `viewer-${name}.png`) });
    },
    close: async () => {
      await browser.close();
      await collector.close();
      built.remove();
    },
  };
}
