import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { OverheadResult } from '../../overhead/result.ts';
import { drawRun } from '../fixture/draw-run.ts';
import { summarize } from '../summary.ts';
import { readPageAssets } from './assets.ts';
import type { PageData } from './chart-data.ts';
import { headlineOf } from './headline.ts';
import { markup } from './markup.ts';
import { renderPage } from './render-page.ts';

const fixture = drawRun(2010);

/** Two starts of three rows: enough for every part of a page, and quickly drawn. */
function small(names: readonly [string, string, string], about = 'plain'): OverheadResult {
  const [hop] = fixture.workloads;
  assert.ok(hop !== undefined);
  const kept = ['none', 'none (again)', '1/1'];
  const renamed = (name: string): string => names[kept.indexOf(name)] ?? name;
  return {
    ...fixture,
    startedAt: about,
    machine: { ...fixture.machine, cpuModel: about, governor: about, node: about, platform: about },
    variants: fixture.variants
      .filter(({ name }) => kept.includes(name))
      .map((variant) => ({ ...variant, name: renamed(variant.name) })),
    workloads: [
      {
        ...hop,
        path: about,
        blocks: hop.blocks
          .filter(({ restart, round, variant }) => restart < 2 && round === 0 && kept.includes(variant))
          .map((block) => ({ ...block, variant: renamed(block.variant) })),
      },
    ],
  };
}

function tagsOf(page: string): string[] {
  return page.match(/<[a-z!/][a-z0-9]*/gi) ?? [];
}

function dataOf(page: string): PageData {
  const [, text = ''] = /id="report-data">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(text) as PageData;
}

describe('the page of a saved result', () => {
  it('lets no text of the result become markup, whatever it is', () => {
    const plain = tagsOf(renderPage(small(['a', 'b', 'c'])));
    const evil = fc.constantFrom(
      '</script><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '<!--<script>',
      "' onmouseover='alert(1)",
      '${1}',
      '&lt;b&gt;',
    );
    const text = fc.oneof(evil, fc.string({ unit: 'binary', maxLength: 30 }));
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 3, maxLength: 3 }), text, (names, about) => {
        const page = renderPage(small(names as [string, string, string], about));
        assert.deepEqual(tagsOf(page), plain);
        assert.deepEqual(
          dataOf(page).workloads[0]?.added.map(({ name }) => name),
          names.slice(1),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('needs nothing besides itself, and allows nothing besides its own style and script', () => {
    const page = renderPage(small(['a', 'b', 'c']));
    assert.doesNotMatch(page, /<[^>]*\s(src|href|on[a-z]+|style)=/i);
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    const inlined = [...page.matchAll(/<(script|style)>(.*?)<\/\1>/gs)];
    assert.equal(inlined.length, 4);
    for (const [, , text = ''] of inlined) {
      const hash = createHash('sha256').update(text).digest('base64');
      assert.ok(policy.includes(`&#39;sha256-${hash}&#39;`), 'a part of the page is not in its policy');
    }
    assert.match(policy, /^default-src &#39;none&#39;/);
    assert.doesNotMatch(policy, /unsafe/);
  });

  it('begins with the answer of each workload, and with what is wrong before any figure', () => {
    const page = renderPage(fixture);
    const places = [
      '1/1 costs +12.4 µs [10.9..13.9] of CPU a request, 12.2 % of none.',
      '50,397 traces arrived where exactly 50,400 were to be expected',
      'Every row: hop',
      'No verdict: two equal sets differ by up to 248 µs here.',
      'THIS MACHINE IS TOO NOISY FOR A VERDICT',
      'Every row: checkout',
      'How to read it',
    ].map((text) => page.indexOf(text));
    assert.ok(!places.includes(-1), String(places));
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
    );
  });

  it('never says that nothing is costed where something could not be seen', () => {
    const [hop] = summarize(fixture);
    assert.ok(hop !== undefined);
    const rows = hop.rows.map((row) =>
      row.variant === '1/1' && row.difference !== undefined
        ? { ...row, difference: { ...row.difference, addedUs: { estimate: 1, low: -1, high: 3 } } }
        : row,
    );
    assert.match(
      headlineOf({ ...hop, rows }, fixture.variants),
      /^No cost of 1\/1 is seen: .* and less than 1\.5 µs would not have been seen\.$/,
    );
  });

  it('has the figures of every chart in its data, and no number that JSON cannot hold', () => {
    const [hop, checkout] = dataOf(renderPage(fixture)).workloads;
    assert.equal(hop?.added.length, 9);
    assert.deepEqual(hop?.rates?.labels, ['0', '1/1024', '1/16', '1/8', '1/4', '1/2', '1/1']);
    assert.deepEqual(hop?.dapper?.latencyPercent.at(-1), 16.3);
    assert.ok(hop?.restarts.every(({ meansUs }) => meansUs.length === 6));
    assert.equal(hop?.drift.restartsFrom.length, 7);
    assert.ok(
      checkout?.added.every(({ isSeen }) => !isSeen),
      'a noisy machine claims nothing',
    );
    const [first] = fixture.workloads;
    assert.ok(first !== undefined);
    const single = {
      ...fixture,
      workloads: [{ ...first, blocks: first.blocks.filter(({ restart }) => restart === 0) }],
    };
    const page = renderPage(single);
    assert.equal(dataOf(page).workloads[0]?.noiseUs, null);
    assert.doesNotMatch(page.slice(page.indexOf('<body>'), page.indexOf('<script')), /NaN|Infinity|undefined/);
  });

  it('says that there is nothing to compare where no round was completed', () => {
    assert.match(renderPage({ ...fixture, complete: false, workloads: [] }), /No round was completed/);
  });
});

describe('markup', () => {
  it('gives back any text as the content and the attribute it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = markup`<i title="${text}">${text}</i>`.markup;
        assert.match(escaped, /^<i title="[^"<>]*">[^<>"]*<\/i>$/s);
      }),
    );
  });
});

describe('the script of the page', () => {
  it('has all files of its folder in one scope, without two things of one name', () => {
    const folder = new URL('browser/', import.meta.url);
    const sources = readdirSync(folder).filter((file) => file.endsWith('.ts'));
    const names = sources.flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/^(?:export )?(?:function|const|let) (\w+)/gm)].map(
        (match) => match[1] ?? '',
      ),
    );
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
    const script = readPageAssets().scripts.at(-1) ?? '';
    for (const name of names) assert.match(script, new RegExp(`(function|const|let) ${name}\\b`));
    assert.doesNotMatch(script, /^(import|export)\b/m);
    for (const text of [...readPageAssets().scripts, ...readPageAssets().styles])
      assert.doesNotMatch(text, /<\/(script|style)/i);
  });
});
