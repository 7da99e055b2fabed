/** Why a trace is there or not, told by the collector itself. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { quickBank, quickBankId, slowBank, slowBankId } from '../test-kit/known-traces.ts';
import { openViewer } from '../test-kit/open-viewer.ts';
import { textOf, waitForSpans } from '../test-kit/read-page.ts';
import { startRealCollector } from '../test-kit/real-collector.ts';
import {
  firstPart,
  healthCheck,
  healthCheckId,
  inPartsId,
  latePart,
  rootPart,
  VOTED_POLICIES,
} from '../test-kit/voted-traces.ts';

const isExplain = /\/api\/lab\/explain\//;
const UNKNOWN_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

const viewer = await openViewer();

describe('the explain page', { skip: viewer === undefined && 'no browser here' }, async () => {
  if (viewer === undefined) return;
  const { page, collector } = viewer;
  const real = await startRealCollector(VOTED_POLICIES);
  after(async () => {
    await viewer.close();
    await real.close();
  });
  await real.answer(page);
  for (const trace of [slowBank, quickBank, healthCheck, firstPart]) await real.send(trace);

  const verdict = page.locator('[data-field="verdict"] h1');
  const explain = (traceId: string) => page.goto(`${collector.url}/explain/${traceId}`);
  const votes = (): Promise<string[][]> =>
    page.evaluate<string[][]>(
      `[...document.querySelectorAll('.votes tbody tr')].map((row) => [row.dataset.policy, ...[...row.querySelectorAll('td')].map((cell) => cell.innerText.replaceAll(/\\s+/g, ' ').trim())])`,
    );

  it('says of a kept trace who kept it, when and why then, and marks the deciding vote', async () => {
    await explain(slowBankId);
    await verdict.getByText('Kept, by slow').waitFor();
    assert.equal(await textOf(page, 'trigger'), 'its root had come, and the wait after it was over');
    assert.match(await textOf(page, 'lag'), /^[\d.]+ (ns|µs|ms|s)$/);
    assert.deepEqual(await votes(), [
      ['health-checks', 'drop', 'drops where all of these', '-', '– no'],
      ['health-checks/is-health', 'string_attribute', 'http.route somewhere one of /healthz', '/payments', '– no'],
      ['slow', 'latency', 'longer than 1000 ms', '1200 ms', '✓ keep decided'],
      ['errors', 'status_code', 'a span with ERROR', 'UNSET', '– no'],
      ['large-gold', 'and', 'all of these', '-', '– no'],
      ['large-gold/large', 'span_count', 'at least 100 spans', '13 spans', '– no'],
      ['large-gold/gold', 'string_attribute', 'user.tier somewhere one of gold', '-', '· not asked'],
    ]);
    assert.equal(await page.locator('.is-deciding').count(), 1);
    assert.equal(await textOf(page, 'explain-spans'), '13');
    assert.equal(await textOf(page, 'missing-parents'), '0');
    assert.match(await textOf(page, 'randomness'), new RegExp(`^${slowBankId.slice(-14)}`));
    assert.equal(await page.title(), 'Kept, by slow · Tracelab');
  });

  it('leads to the kept trace, and back by its header', async () => {
    await page.getByRole('link', { name: 'Open the trace' }).click();
    await waitForSpans(page, 13);
    await page.getByRole('link', { name: 'Why kept?' }).click();
    await verdict.getByText('Kept, by slow').waitFor();
    assert.equal(new URL(page.url()).pathname, `/explain/${slowBankId}`);
  });

  it('is one click away from a trace that is not there, and says that nobody kept it', async () => {
    await explain(quickBankId);
    await verdict.getByText('Sampled out').waitFor();
    await page.goto(`${collector.url}/trace/${quickBankId}`);
    await page.getByRole('link', { name: 'Why? Ask the collector' }).click();
    await verdict.getByText('Sampled out: no policy said sampled').waitFor();
    assert.equal(await page.locator('.is-deciding').count(), 0);
    assert.equal(await page.getByRole('link', { name: 'Open the trace' }).count(), 0);
    assert.deepEqual((await votes())[2], ['slow', 'latency', 'longer than 1000 ms', '420 ms', '– no']);
  });

  it('names the policy that dropped a trace, of which the rest was not asked', async () => {
    await explain(healthCheckId);
    await verdict.getByText('Dropped by health-checks').waitFor();
    const said = (await votes()).map(([policy, , , , vote]) => [policy, vote]);
    assert.deepEqual(said.slice(0, 3), [
      ['health-checks', '✕ drop decided'],
      ['health-checks/is-health', '✓ keep'],
      ['slow', '· not asked'],
    ]);
  });

  it('asks again until a trace is decided, and tells of spans that came later', async () => {
    await explain(inPartsId);
    await verdict.getByText('Not yet decided').waitFor();
    await viewer.photograph('explain-pending');
    await page.getByRole('link', { name: 'Open the trace' }).click();
    await waitForSpans(page, 1);
    await page.getByRole('link', { name: 'Kept?' }).click();
    await verdict.getByText('Not yet decided').waitFor();
    await real.send(rootPart);
    await verdict.getByText('Kept, by errors').waitFor();
    assert.equal(await textOf(page, 'late-spans'), 'none since');
    await real.send(latePart);
    await page.reload();
    await page.getByText(/^1 since, the last .*; they followed the decision$/).waitFor();
    assert.equal(await textOf(page, 'explain-spans'), '2');
  });

  it('explains another trace by what is pasted, and says what it cannot read', async () => {
    const field = page.getByLabel('Trace id');
    await field.fill('00-nonsense');
    await page.keyboard.press('Enter');
    await page.getByText('No trace id in “00-nonsense”').waitFor();
    await field.fill(`00-${slowBankId.toUpperCase()}-00f067aa0ba902b7-01`);
    await page.keyboard.press('Enter');
    await verdict.getByText('Kept, by slow').waitFor();
    await page.goBack();
    await verdict.getByText('Kept, by errors').waitFor();
  });

  it('says what it means that a trace is unknown, or was forgotten', async () => {
    await explain(UNKNOWN_ID);
    await verdict.getByText('Unknown: no span of it arrived here').waitFor();
    await viewer.photograph('explain-unknown');
    const message = `nothing is known of trace ${UNKNOWN_ID}: it never arrived, or it was decided before 2026-11-01T00:00:00.000Z`;
    await page.route(isExplain, (route) => route.fulfill({ status: 410, json: { error: { code: 'gone', message } } }));
    await verdict.getByText('Forgotten, or never here').waitFor();
    await page.getByText('decided before 2026-11-01T00:00:00.000Z').waitFor();
    await page.unroute(isExplain);
  });

  it('says so while the collector is away, and recovers by itself', async () => {
    await page.route(isExplain, (route) => route.abort());
    await explain(slowBankId);
    await verdict.getByText('The collector does not answer').waitFor();
    await page.unroute(isExplain);
    await verdict.getByText('Kept, by slow').waitFor();
  });

  it('needs no scrolling sideways on a telephone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const [name, awaited] of [
      ['explain', '.votes'],
      ['trace', '.span-row'],
    ] as const) {
      await page.goto(`${collector.url}/${name}/${slowBankId}`);
      await page.locator(awaited).first().waitFor();
      await viewer.photograph(`${name}-phone`);
      const tooWide = await page.evaluate<string[]>(
        `[...document.querySelectorAll('main *')].filter((part) => part.getBoundingClientRect().right > innerWidth).map((part) => part.outerHTML.slice(0, 80))`,
      );
      assert.deepEqual(tooWide, []);
    }
  });

  it('has thrown nothing on the way', () => assert.deepEqual(viewer.thrown, []));
});
