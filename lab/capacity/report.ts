import { drawTextTable, figureColumns, type TextTable } from '@tracelab/command';
import { perDay, type CapacityPlan, type Flow, type RankedPart } from '@tracelab/model';
import type { YamlFile } from './collector-yaml.ts';
import { formatBits, formatBothBytes, formatBytes, formatCount, formatLarge, formatShare } from './format-units.ts';
import type { LabPart } from './lab-parts.ts';
import { servicesTable } from './services-table.ts';
import { notesOf, warningsOf, type Planned } from './warnings.ts';

const NONE = '-';

/** The plan for people in front of a terminal. Every figure is rounded here and nowhere before. */
export function renderCapacity(
  planned: Planned,
  parts: readonly RankedPart<LabPart>[],
  files: readonly YamlFile[],
  bold: (text: string) => string,
): string {
  const section = (title: string, ...tables: string[]): string => [bold(title), ...tables].join('\n');
  const { plan } = planned;
  const services = servicesTable(planned.demand.rows);
  return [
    bold(titleOf(planned)),
    ...warningsOf(planned).map((warning) => `WARNING: ${warning}`),
    ...(services === undefined ? [] : [section('Who makes the spans, on average', drawTextTable(services))]),
    section('What flows', drawTextTable(flowTable(planned))),
    section('Network between tiers', drawTextTable(networkTable(planned))),
    section('Tail buffer, at the peak', bufferLines(plan)),
    section(`Collectors (${planned.sourced.collector})`, drawTextTable(tierTable(planned)), survivalLine(planned)),
    section('Storage', drawTextTable(storageTable(planned))),
    section('What of this lab to scale first, and when it must become the distributed one', partsText(parts)),
    notesOf(planned)
      .map((note) => `  ${note}`)
      .join('\n'),
    ...files.map(({ name, text }) => section(`--- ${name}`, text.trimEnd())),
  ].join('\n\n');
}

function titleOf({ demand, plan }: Planned): string {
  const { tracesPerSecond } = plan.average.head.received;
  return `Capacity for ${formatCount(tracesPerSecond)} traces/s, of which ${formatShare(demand.headRate)} are sampled at the root; tail sampling keeps ${formatShare(demand.tailKeep)} of these`;
}

function flowTable({ plan: { average, peak } }: Planned): TextTable {
  const row = (what: string, mean: Flow, most: Flow): string[] => {
    const { spansPerDay, bytesPerDay } = perDay(mean);
    return [
      what,
      formatCount(mean.tracesPerSecond),
      formatCount(mean.spansPerSecond),
      `${formatBytes(mean.bytesPerSecond)}/s`,
      formatLarge(spansPerDay),
      formatBothBytes(bytesPerDay),
      formatCount(most.spansPerSecond),
      `${formatBytes(most.bytesPerSecond)}/s`,
    ];
  };
  return {
    columns: figureColumns('', 'traces/s', 'spans/s', 'bytes', 'spans/day', 'bytes/day', 'peak spans/s', 'peak bytes'),
    rows: [
      row('all requests, traced', average.head.received, peak.head.received),
      row('  not sampled at the root', average.head.dropped, peak.head.dropped),
      row('to the collectors', average.head.kept, peak.head.kept),
      row('  dropped by tail sampling', average.tail.dropped, peak.tail.dropped),
      row('kept, to the store', average.tail.kept, peak.tail.kept),
    ],
  };
}

function networkTable({ plan: { average, peak, routers }, demand }: Planned): TextTable {
  const row = (what: string, mean: Flow, most: Flow, copies = 1): string[] => [
    what,
    formatBits(mean.bytesPerSecond * copies),
    formatBits(most.bytesPerSecond * copies),
  ];
  const { copies } = demand.storage;
  const arriving = [average.head.kept, peak.head.kept] as const;
  return {
    columns: figureColumns('', 'average', 'peak'),
    rows: [
      ...(routers === undefined
        ? [row('applications -> samplers', ...arriving)]
        : [row('applications -> routers', ...arriving), row('routers -> samplers', ...arriving)]),
      row('samplers -> store', average.tail.kept, peak.tail.kept),
      ...(copies === 1 ? [] : [row(`store -> ${copies - 1} more`, average.tail.kept, peak.tail.kept, copies - 1)]),
    ],
  };
}

function bufferLines({ buffer, samplers }: CapacityPlan): string {
  return `${formatCount(buffer.traces)} traces, ${formatCount(buffer.spans)} spans, ${formatBytes(buffer.rawBytes)} as they came, each held for ${buffer.heldS} s (window and one tick); ${formatCount(samplers.traces)} traces of them at the busiest sampler.`;
}

function tierTable({ plan: { samplers, routers }, settings }: Planned): TextTable {
  const row = (name: string, tier: typeof samplers | NonNullable<typeof routers>, mebibytes: number): string[] => [
    name,
    String(tier.replicas),
    String(tier.survivors),
    '1 core',
    tier.cores.toFixed(2),
    formatBytes(tier.memoryBytes),
    `${formatCount(mebibytes)} MiB`,
  ];
  return {
    columns: figureColumns(
      'tier',
      'replicas',
      'enough at the peak',
      'CPU limit',
      'busiest uses',
      'memory needed',
      'memory limit',
    ),
    rows: [
      ...(routers === undefined ? [] : [row('router', routers, settings.router?.containerMebibytes ?? 0)]),
      row('sampler', samplers, settings.sampler.containerMebibytes),
    ],
  };
}

function survivalLine({ plan: { samplers }, settings, sourced }: Planned): string {
  const limit =
    sourced.collector === 'tracelab'
      ? `--pending-mebibytes-max ${settings.pendingMebibytes ?? 'not measured (measure again)'}`
      : `memory_limiter limit_mib ${settings.sampler.limitMebibytes}, spike_limit_mib ${settings.sampler.spikeMebibytes}`;
  const left =
    samplers.survivors === 1 ? 'the one that is left' : `the busiest of the ${samplers.survivors} that are left`;
  return `Each can be ${left} when one is lost at the peak; num_traces ${settings.numTraces}, ${limit}.`;
}

function storageTable({ plan: { storage, average }, demand }: Planned): TextTable {
  const { retentionDays, copies, compression, indexShare } = demand.storage;
  const how = `${formatCount(retentionDays)} days x ${copies} ${copies === 1 ? 'copy' : 'copies'} / ${formatCount(compression)}`;
  return {
    columns: figureColumns('', 'bytes', 'how'),
    rows: [
      ['written a day', formatBothBytes(perDay(average.tail.kept).bytesPerDay), 'before compression'],
      ['data', formatBothBytes(storage.dataBytes), how],
      ['index', formatBothBytes(storage.indexBytes), `--index-share ${indexShare}`],
      ['all', formatBothBytes(storage.totalBytes), `${formatLarge(storage.spans)} spans`],
      [
        'price a month',
        storage.costPerMonth === undefined ? NONE : formatCount(storage.costPerMonth),
        '--cost-per-gb-month',
      ],
    ],
  };
}

function partsText(parts: readonly RankedPart<LabPart>[]): string {
  const rows = parts.map(({ part, utilisation, requestsPerSecondAtLimit }) => [
    part.name,
    formatAmount(part.load, part.unit),
    formatAmount(part.limit, part.unit),
    `${formatCount(utilisation * 100)} %`,
    formatCount(requestsPerSecondAtLimit),
  ]);
  const table = drawTextTable({
    columns: figureColumns('part', 'your load', 'one of it', 'full', 'full at traces/s'),
    rows,
  });
  const sources = parts.map(({ part }) => `  ${part.name}: ${part.source}; then ${part.distributed}.`);
  return [table, ...scaleFirstLines(parts), ...sources].join('\n');
}

/** What can be raised by a setting, or was only never tried, is no part to scale: it is said apart. */
export function scaleFirstLines(parts: readonly RankedPart<LabPart>[]): string[] {
  const over = (kind: LabPart['kind']): string[] =>
    parts
      .filter(({ part, utilisation }) => part.kind === kind && utilisation > 1)
      .map(({ part, utilisation }) => `${part.name} (${formatCount(utilisation)} times)`);
  const [measured, settings, untried] = [over('measured'), over('setting'), over('tried')];
  const first = parts.find(({ part }) => part.kind === 'measured');
  const enough = `One of each does it; the first to fill up: ${first?.part.name}.`;
  return [
    measured.length === 0 ? enough : `Scale first: ${measured.join(', then ')}.`,
    ...(settings.length === 0 ? [] : [`Raise by settings: ${settings.join(', ')}.`]),
    ...(untried.length === 0 ? [] : [`More than was ever tried here: ${untried.join(', ')}.`]),
  ];
}

function formatAmount(amount: number, unit: LabPart['unit']): string {
  return unit === 'bytes' ? formatBytes(amount) : `${formatLarge(amount)} ${unit}`;
}
