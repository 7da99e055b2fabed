/**
 * The story of the mission, as a user lives it: make the bank slow from the command line, buy something, watch the trace
 * arrive without reloading, and read in a real browser where the time went. Keeps the screenshot for the README.
 */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { projectRoot } from '@tracelab/command';
import { buildTraceTree, flattenTracesData, type SpanNode } from '@tracelab/model';
import { SpanKind, tracesDataFromJson, type TraceReply, type TraceSearchReply } from '@tracelab/protocol';
import { launchBrowser } from './browser.ts';
import { runCommand, startLab, type RunningLab } from './running-lab.ts';
import { until } from './until.ts';

const DELAY_MS = 870;
const DELAY_NANO = BigInt(DELAY_MS) * 1_000_000n;
const SCREENSHOT = join(projectRoot, '.tracelab', 'screenshots', 'bank-fault.png');

let lab: RunningLab;
let browser: Browser | undefined;
before(async () => {
  lab = await startLab();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await lab.stop();
});

it('shows the slow bank as the client span of payments, the fourth service down, and keeps it out of the self time of payments', async (test) => {
  const page = await browser?.newPage({ viewport: { width: 1440, height: 900 } });
  await page?.goto(lab.url('query'));

  const added = await runCommand(
    ['lab/main.ts', 'fault', 'add', 'bank', '--route', '/charge', '--delay', `${DELAY_MS}ms`],
    lab.environment,
  );
  assert.equal(added.code, 0, added.stderr);
  const order = await fetch(`${lab.url('gateway')}/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ cart: [{ sku: 'mug', quantity: 1 }], user: { id: 'system-test', tier: 'gold' } }),
  });
  assert.equal(order.status, 200, await order.text());

  const bankCall = await findBankCall();
  assert.deepEqual(servicesDownTo(bankCall), ['gateway', 'checkout', 'payments']);
  assert.ok(durationNano(bankCall) >= DELAY_NANO);
  await assertInjectionRecorded(bankCall);

  if (page === undefined) return test.skip('no browser here: the API part held');
  await page.locator(`a[href*="${bankCall.span.traceId}"]`).first().click();
  await select(page, bankCall);
  assert.ok((await nano(page, 'duration')) >= DELAY_NANO, 'the bank call lasts at least the delay');
  mkdirSync(join(SCREENSHOT, '..'), { recursive: true });
  await page.screenshot({ path: SCREENSHOT });

  assert.ok(bankCall.parent !== undefined);
  await select(page, bankCall.parent);
  assert.equal(await page.locator('[data-field="service"]').first().textContent(), 'payments');
  const [duration, selfTime] = [await nano(page, 'duration'), await nano(page, 'self-time')];
  assert.ok(
    duration >= DELAY_NANO && selfTime <= duration - DELAY_NANO,
    `payments lasts ${duration} ns, of them ${selfTime} ns itself`,
  );
});

async function findBankCall(): Promise<SpanNode> {
  let found: SpanNode | undefined;
  await until('the trace is stored', async () => {
    const search = (await askQuery('/api/lab/traces?service=payments')) as TraceSearchReply;
    const [summary] = search.traces;
    if (summary === undefined) return false;
    const reply = (await askQuery(`/api/lab/traces/${summary.traceId}`)) as TraceReply;
    const data = tracesDataFromJson(reply.trace);
    assert.ok(data.ok);
    const tree = buildTraceTree(flattenTracesData(data.value));
    found = [...tree.nodeBySpanId.values()].find(
      (node) => node.span.serviceName === 'payments' && node.span.kind === SpanKind.client,
    );
    return found !== undefined;
  });
  assert.ok(found !== undefined);
  return found;
}

async function askQuery(path: string): Promise<unknown> {
  return (await fetch(lab.url('query') + path)).json();
}

/** The services from the root down to the span, each named once. */
function servicesDownTo(node: SpanNode): string[] {
  const services: string[] = [];
  for (let current: SpanNode | undefined = node; current !== undefined; current = current.parent)
    services.unshift(current.span.serviceName);
  return [...new Set(services)];
}

function durationNano(node: SpanNode): bigint {
  return node.span.endTimeUnixNano - node.span.startTimeUnixNano;
}

/** The bank is not instrumented, so the ground truth names the trace and the span that called it. */
async function assertInjectionRecorded(bankCall: SpanNode): Promise<void> {
  await until('the injection is in the ground truth', async () => {
    const text = await (await fetch(`${lab.url('control')}/_lab/injections`)).text();
    return text.includes(bankCall.span.traceId) && text.includes(bankCall.span.spanId);
  });
}

async function select(page: Page, node: SpanNode): Promise<void> {
  await page.locator(`[data-span-id="${node.span.spanId}"]`).first().click();
  await page.getByText(node.span.spanId, { exact: true }).first().waitFor();
}

async function nano(page: Page, field: string): Promise<bigint> {
  const text = await page.locator(`[data-field="${field}"][data-nano]`).last().getAttribute('data-nano');
  assert.ok(text !== null, `the viewer shows no ${field}`);
  return BigInt(text);
}
