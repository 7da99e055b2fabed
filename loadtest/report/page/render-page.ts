import { createHash } from 'node:crypto';
import type { OverheadResult } from '../../overhead/result.ts';
import { formatDuration } from '../format.ts';
import { completenessLine, machineFacts, readingNotes } from '../notes.ts';
import { summarize } from '../summary.ts';
import { readPageAssets } from './assets.ts';
import type { PageData } from './chart-data.ts';
import { chartsOf } from './chart-data-of.ts';
import { markup, jsonMarkup, type Markup } from './markup.ts';
import { listOf, warningList } from './parts.ts';
import { workloadSection } from './workload-section.ts';

/** The report as one HTML file that needs nothing else: no server, no network, no other file. */
export function renderPage(result: OverheadResult): string {
  const summaries = summarize(result);
  const workloads = summaries.map((summary) => chartsOf(result, summary));
  const incomplete = completenessLine(result);
  const body = markup`${header(result)}
    <main>
      ${warningList([
        ...(incomplete === undefined ? [] : [incomplete]),
        ...(summaries.length === 0 ? ['No round was completed: there is nothing to compare.'] : []),
      ])}
      ${machineCard(result, summaries)}
      ${summaries.map((summary, index) => workloadSection(result, summary, { index, charts: workloads[index] }))}
    </main>
    ${footer(result)}`;
  return renderDocument('What tracing costs on this machine', body, { workloads });
}

/** Any page of this report: style, script and data inlined, and nothing else allowed by its own policy. */
function renderDocument(title: string, body: Markup, data: PageData): string {
  const { styles, scripts } = readPageAssets();
  const policy = `default-src 'none'; script-src ${hashesOf(scripts)}; style-src ${hashesOf(styles)}; base-uri 'none'; form-action 'none'`;
  const style = styles.map((text) => ({ markup: `<style>${text}</style>` }));
  const script = scripts.map((text) => ({ markup: `<script>${text}</script>` }));
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
${style}
</head>
<body>
<div class="page">
${body}
</div>
<script type="application/json" id="report-data">${jsonMarkup(data)}</script>
${script}
</body>
</html>
`;
  return page.markup;
}

function hashesOf(texts: readonly string[]): string {
  return texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
}

function header({ startedAt, durationMs }: OverheadResult): Markup {
  const choices = ['Auto', 'Light', 'Dark'].map((name) => {
    const theme = name.toLowerCase();
    const checked = theme === 'auto' ? markup` checked` : markup``;
    return markup`<label
      ><input type="radio" name="theme" id="theme-${theme}" value="${theme}" ${checked} />${name}</label
    >`;
  });
  return markup`<header>
    <div>
      <h1>What tracing costs on this machine</h1>
      <p class="quiet">Measured ${startedAt.slice(0, 16).replace('T', ' ')} UTC, in ${formatDuration(durationMs)}</p>
    </div>
    <fieldset class="theme" aria-label="Theme">
      
      ${choices}
    </fieldset>
  </header>`;
}

function machineCard(result: OverheadResult, summaries: ReturnType<typeof summarize>): Markup {
  const facts = machineFacts(result.machine, summaries).map(
    ([name, value]) =>
      markup`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  return markup`<dl class="machine">${facts}</dl>`;
}

function footer({ comparison }: OverheadResult): Markup {
  return markup`<footer>
    <h2>How to read it</h2>
    ${listOf(readingNotes(comparison))}
    <p class="notes no-charts">The charts need the script of this page; every figure of theirs is in a table.</p>
  </footer>`;
}
