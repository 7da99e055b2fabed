import { figureColumns, type TextTable } from '@tracelab/command';
import type { Interval } from '@tracelab/model';
import type { OverheadResult } from '../../overhead/result.ts';
import { wideTable } from '../cells.ts';
import { formatCount, formatExpected, formatSigned } from '../format.ts';
import { isBounded } from '../interval.ts';
import { latencyNotes, latencyTable } from '../latency-cells.ts';
import { notesOf, warningsOf } from '../notes.ts';
import type { Row, WorkloadSummary } from '../summary.ts';
import { describeRatio } from '../tracer-ratios.ts';
import { isClaimed } from '../verdict.ts';
import type { Tone, WorkloadCharts } from './chart-data.ts';
import { toneOf } from './chart-data-of.ts';
import { headlineOf, tileRows } from './headline.ts';
import { markup, type Markup } from './markup.ts';
import { figureOf, listOf, tableOf, warningList } from './parts.ts';

/** One workload of a page: the answer, what to beware of, pictures, tables, how it was measured. */
export function workloadSection(
  result: OverheadResult,
  summary: WorkloadSummary,
  { index, charts }: { index: number; charts: WorkloadCharts | undefined },
): Markup {
  const traces = tracesTable(summary);
  const { latency, ratios } = summary;
  return markup`<section class="workload" aria-labelledby="workload-${index}">
    <h2 id="workload-${index}">${summary.workload}</h2>
    <p class="path">${summary.path}</p>
    <p class="headline">${headlineOf(summary, result.variants)}</p>
    ${warningList(warningsOf(summary))}
    <div class="tiles">${tileRows(summary, result.variants).map((row) => tileOf(row, summary, result))}</div>
    ${charts === undefined ? undefined : figures(charts, summary, index)}
    ${tableOf(`Every row: ${summary.workload}`, wideTable(summary, result.comparison))}
    ${traces === undefined ? undefined : tableOf(`Traces kept against expected: ${summary.workload}`, traces)}
    ${latency === undefined ? undefined : tableOf(`Latency under an open loop: ${summary.workload}`, latencyTable(latency))}
    ${listOf([...ratios.map(describeRatio), ...notesOf(summary, result), ...(latency === undefined ? [] : latencyNotes(latency))])}
  </section>`;
}

function tileOf(row: Row, summary: WorkloadSummary, { variants }: OverheadResult): Markup {
  const tone = toneOf(
    row.variant,
    summary,
    variants.find(({ name }) => name === row.variant),
  );
  const added = row.difference?.addedUs;
  if (added === undefined) return markup``;
  return markup`<div class="tile is-${tone}">
    <h3>${row.variant}</h3>
    <b>${formatSigned(added.estimate)} <small>µs a request</small></b>
    <p>${boundsOf(added)}, ${formatSigned(row.difference?.addedPercent ?? 0)} % of ${summary.baseline}</p>
    <p>${isClaimed(added, summary.control) ? 'a difference is claimed' : row.verdict}</p>
  </div>`;
}

function boundsOf(added: Interval): string {
  return isBounded(added) ? `95 %: ${formatSigned(added.low)}..${formatSigned(added.high)} µs` : 'no interval';
}

function figures(charts: WorkloadCharts, summary: WorkloadSummary, index: number): Markup {
  const id = (name: string): string => `chart-${index}-${name}`;
  const { rates, dapper, added } = charts;
  const [baseline, control] = summary.rows.map(({ variant }) => variant);
  const spoken = added.map(({ name, estimate }) => `${name} ${formatSigned(estimate)}`).join(', ');
  return markup`<div class="figures">
      ${figureOf(id('added'), {
        title: 'What each variant adds',
        about: markup`${keysOf(added.map(({ tone }) => tone))}<span class="key is-noise">within this machine’s noise</span
          >Bars: 95 % intervals. Filled: a difference is claimed. Hollow: it is not.${added.some(({ truth }) => truth !== undefined) ? ' Dotted stroke: the cost that was injected.' : ''}`,
        alternative: `Added microseconds of CPU a request: ${spoken}. The table below has every interval.`,
      })}
    </div>
    ${
      rates === undefined
        ? undefined
        : markup`<div class="figures${dapper === undefined ? '' : ' is-pair'}">
            ${figureOf(id('rates'), {
              title: 'Over the sampling rate',
              about: markup`${rates.series.map(({ name, tone }) => keyOf(tone, name))}Dashed: the straight line over the
              rates. Rates stand side by side: their distances mean nothing.`,
              alternative: `Added microseconds over the share of requests sampled, from ${rates.labels[0] ?? ''} to ${rates.labels.at(-1) ?? ''}; the table below has the figures.`,
            })}
            ${
              dapper === undefined
                ? undefined
                : figureOf(id('dapper'), {
                    title: 'What Dapper’s authors published',
                    about: markup`<span class="key is-other">latency</span
                      ><span class="key is-api is-hollow">throughput</span
                      ><span class="key is-noise">error of their latency</span>Another quantity on another machine
                      (2010): not to be compared point by point.`,
                    alternative:
                      'Change of latency and throughput in per cent that Dapper’s Table 2 gives; the table below has the figures.',
                  })
            }
          </div>`
    }
    <div class="figures is-even">
      ${figureOf(id('restarts'), {
        title: 'Start by start',
        about: markup`Each dot is one start of all processes, the only independent sample there is; the stroke is their
        mean.`,
        alternative: `The mean of each restart by variant, ${summary.restarts} restarts.`,
      })}
      ${figureOf(id('drift'), {
        title: 'The machine meanwhile',
        about: markup`${keyOf('baseline', baseline ?? '')}${keyOf('control', control ?? '')}CPU of the blocks without a
        tracer in the order of the run; shading tells the starts apart.`,
        alternative: `CPU of ${baseline ?? ''} over the blocks of the run in their order.`,
      })}
    </div>`;
}

const TONE_NAMES: Readonly<Record<Tone, string>> = {
  baseline: 'baseline',
  control: 'control row',
  api: 'bare API',
  lab: 'the lab’s tracer',
  otel: 'official SDK',
  other: 'other',
};

function keysOf(tones: readonly Tone[]): Markup[] {
  return [...new Set(tones)].map((tone) => keyOf(tone, TONE_NAMES[tone]));
}

function keyOf(tone: Tone, name: string): Markup {
  return markup`<span class="key is-${tone}">${name}</span>`;
}

function tracesTable({ rows }: WorkloadSummary): TextTable | undefined {
  const lines = rows.flatMap(({ variant, traces }) => {
    if (traces === undefined) return [];
    const { kept, requests, ratio, bounds, isWithinBounds, rootless } = traces;
    return [
      [
        variant,
        formatCount(requests),
        formatCount(kept),
        formatExpected(requests * ratio),
        `${formatCount(bounds.low)}..${formatCount(bounds.high)}`,
        isWithinBounds ? 'as expected' : 'OUTSIDE',
        formatCount(rootless),
      ],
    ];
  });
  if (lines.length === 0) return undefined;
  const headings = ['requests', 'traces kept', 'expected', '99.9 % range', 'kept is', 'without a root'];
  return { columns: figureColumns('variant', ...headings), rows: lines };
}
