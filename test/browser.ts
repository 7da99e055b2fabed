/** The browser of the whole-system tests: Chromium from the npm registry on Linux x64, elsewhere the system's Chrome. */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import packaged from '@sparticuz/chromium';
import { chromium } from 'playwright-core';
import type { Browser, LaunchOptions } from 'playwright-core';

const UNPACK_MS_MAX = 60_000;

/** Starts a headless browser; undefined where there is none, after printing why, so that the caller can skip. */
export async function launchBrowser(): Promise<Browser | undefined> {
  try {
    return await chromium.launch(await launchOptions());
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    console.error(
      `no browser: ${reason}\nInstall Google Chrome to run the browser tests on ${process.platform} ${process.arch}.`,
    );
    return undefined;
  }
}

async function launchOptions(): Promise<LaunchOptions> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome' };
  // The package's arguments are for one page in a function's life: in a single process, closing a page ends the browser.
  const args = packaged.args.filter((argument) => argument !== '--single-process');
  return { executablePath: await unpackChromium(), args: [...args, '--no-sandbox'] };
}

/**
 * The package unpacks itself into the temporary folder, and takes a half-written file of another test process for a
 * finished one: a folder serves as the lock, since making one is atomic everywhere.
 */
async function unpackChromium(): Promise<string> {
  const lock = join(tmpdir(), 'tracelab-chromium.lock');
  const givenUpMs = Date.now() + UNPACK_MS_MAX;
  while (!takeLock(lock)) {
    if (Date.now() > givenUpMs)
      throw new Error(
        `another process has been unpacking Chromium for over ${UNPACK_MS_MAX / 1000} s; if none runs, remove ${lock}`,
      );
    await delay(50);
  }
  try {
    return await packaged.executablePath();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** A process that was killed while unpacking leaves its lock behind. */
function isAbandoned(lock: string): boolean {
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Date.now() - made > UNPACK_MS_MAX;
}
