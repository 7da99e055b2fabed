import type { OverheadResult } from '../../overhead/result.ts';
import { formatDuration } from '../format.ts';
import { completenessLine, machineFacts, readingNotes } from '../notes.ts';
import { summarizeWithRounds, type WorkloadSummary } from '../summary.ts';
import { chartsOf } from './chart-data-of.ts';
import { markup, type Markup } from './markup.ts';
import { listOf, pageHeader, warningList } from './parts.ts';
import { renderDocument } from './render-document.ts';
import { workloadSection } from './workload-section.ts';

const TITLE = 'What tracing costs on this machine';

/** The report as one HTML file that needs nothing else: no server, no network, no other file. */
export function renderPage(result: OverheadResult): string {
  const summarized = summarizeWithRounds(result);
  const summaries = summarized.map(({ summary }) => summary);
  const workloads = summarized.map((workload) => chartsOf(result, workload));
  const incomplete = completenessLine(result);
  const body = markup`${pageHeader(TITLE, `Measured ${result.startedAt.slice(0, 16).replace('T', ' ')} UTC, in ${formatDuration(result.durationMs)}`)}
    <main>
      ${warningList([
        ...(incomplete === undefined ? [] : [incomplete]),
        ...(summaries.length === 0 ? ['No round was completed: there is nothing to compare.'] : []),
      ])}
      ${machineCard(result, summaries)}
      ${summaries.map((summary, index) => workloadSection(result, summary, { index, charts: workloads[index] }))}
    </main>
    ${footer(result)}`;
  return renderDocument(TITLE, body, { workloads });
}

function machineCard(result: OverheadResult, summaries: readonly WorkloadSummary[]): Markup {
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
