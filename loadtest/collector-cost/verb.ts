import { defineVerb, ExitCode, setting, type Output, readResultFile } from '@tracelab/command';
import { seedSetting, seedOf } from '../seed-setting.ts';
import { summarizeCollectorCost } from '@tracelab/model';
import { parseCollectorCost, type CollectorCostResult } from '@tracelab/protocol';
import { requireCpuOfOthers } from '../collector-process/collector-under-test.ts';
import { otelcolSetting, readOtelcolVersion } from '../collector-process/otelcol-process.ts';
import { explainFailure } from '../explain-failure.ts';
import { formatDuration } from '../report/format.ts';
import { makeResultFolder, resultFolder, writeResultFile } from '../result-file.ts';
import { durationOf, PRESETS } from './plan.ts';
import { renderCollectorCost } from './report.ts';
import { measureCollectorCost } from './run.ts';

const RESULT_FILE = 'collector-cost.json';

export const collectorCost = defineVerb({
  name: 'collector-cost',
  summary: "What a collector costs, after Dapper's Table 1: CPU and memory by number of processes and data rate",
  settings: {
    quick: setting.toggle({
      default: false,
      flag: 'quick',
      description: 'Two minutes for each collector instead of ten',
    }),
    otelcolBinary: otelcolSetting('tail_sampling, batch, otlphttp, loadbalancing and nop'),
    seed: seedSetting('Of the order of blocks'),
    out: setting.text({
      default: '',
      flag: 'out',
      description: 'Folder for the result; default .tracelab/collector-cost/<time>',
    }),
    from: setting.text({
      default: '',
      flag: 'from',
      description: 'Measures nothing: prints the table of a saved result',
    }),
  },
  examples: [
    'npm run bench:collector:dapper -- --quick',
    'OTELCOL_BIN=/usr/local/bin/otelcol npm run bench:collector:dapper',
    'npm run bench:collector:dapper -- --from .tracelab/collector-cost/2026-11-28T08-03-16/collector-cost.json',
  ],
  run: async ({ settings, output, shutdown }) => {
    if (settings.from !== '') {
      deliver(output, await readResultFile(settings.from, parseCollectorCost), settings.from);
      return ExitCode.done;
    }
    makeResultFolder(settings.out);
    requireCpuOfOthers();
    const plan = settings.quick ? PRESETS.quick : PRESETS.standard;
    const collectors = await collectorsOf(settings.otelcolBinary);
    output.progress(
      `Measuring ${collectors.map(({ name }) => name).join(' and ')}, about ${formatDuration(durationOf(plan, collectors.length))}. Leave the machine alone; Ctrl-C keeps what is measured.`,
    );
    const { result, failure } = await measureCollectorCost({
      plan,
      collectors,
      otelcolBinary: settings.otelcolBinary,
      seed: seedOf(settings.seed),
      shutdown,
      say: output.progress,
    });
    const { out } = settings;
    const folder = resultFolder(out, 'collector-cost', result.startedAt);
    const file = await writeResultFile(folder, RESULT_FILE, result);
    deliver(output, await readResultFile(file, parseCollectorCost), file);
    if (failure !== undefined) throw explainFailure(failure, file);
    return result.complete ? ExitCode.done : ExitCode.notHeld;
  },
});

async function collectorsOf(otelcolBinary: string): Promise<CollectorCostResult['collectors']> {
  const ours = {
    name: 'tracelab',
    version: '0.1.0',
    pipeline: 'OTLP over HTTP, tail sampling that keeps everything, store (SQLite, zstd) in a worker thread',
  } as const;
  if (otelcolBinary === '') return [ours];
  const version = await readOtelcolVersion(otelcolBinary);
  const pipeline =
    'OTLP over HTTP, tail_sampling that keeps everything, batch, otlphttp to a sink of another process; GOMAXPROCS=1';
  const routing = 'OTLP over HTTP, loadbalancing by trace id over gRPC to two that discard; GOMAXPROCS=1';
  return [ours, { name: 'otelcol', version, pipeline }, { name: 'otelcol-router', version, pipeline: routing }];
}

function deliver(output: Output, result: CollectorCostResult, file: string): void {
  const { blocks: _blocks, buffers: _buffers, ...about } = result;
  output.result(
    { file, ...about, summaries: summarizeCollectorCost(result) },
    `${renderCollectorCost(result)}\n\nEvery block: ${file}`,
  );
}
