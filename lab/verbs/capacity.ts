import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { boldOn, defineVerb, makeFolder, UsageError, type AnyProgram } from '@tracelab/command';
import { planCapacity, rankParts } from '@tracelab/model';
import { chooseFigures, newestFigures, readCollectorName } from '../capacity/collector-figures.ts';
import { settingsFor } from '../capacity/collector-settings.ts';
import { yamlFor, type YamlFile } from '../capacity/collector-yaml.ts';
import { labPartsFor } from '../capacity/lab-parts.ts';
import { readDemand } from '../capacity/read-demand.ts';
import { renderCapacity } from '../capacity/report.ts';
import { capacitySettings } from '../capacity/settings.ts';
import { notesOf, warningsOf, type Planned } from '../capacity/warnings.ts';

export const capacity: AnyProgram = defineVerb({
  name: 'capacity',
  summary:
    'Plans capacity: from requests to spans/s, TB a day, network, tail buffer, collectors, storage, and the YAML that fits.',
  settings: capacitySettings,
  examples: [
    'npm run lab -- capacity --collector otelcol --services 20 --rps 10000 --spans 50',
    'npm run lab -- capacity --collector tracelab --rps 200 --spans 12 --head-rate 1/16 --tail-keep 1/4',
    'npm run lab -- capacity --collector otelcol --rps 5000 --csv services.csv --compression clickhouse --cost-per-gb-month 0.023',
  ],
  run: async ({ settings, output }) => {
    const collector = readCollectorName(settings.collector);
    const demand = await readDemand(settings);
    const sourced = await chooseFigures(collector, settings.measured, process.env);
    const plan = planCapacity({ ...demand, collector: sourced.figures });
    const planned: Planned = {
      demand,
      sourced,
      plan,
      settings: settingsFor(plan),
      given: settings,
    };
    const tracelab = collector === 'tracelab' ? sourced : await newestFigures('tracelab', process.env);
    const { tracesPerSecond: requestsPerSecond, utilisationMax, windowS, tailKeep } = demand;
    const labParts = labPartsFor(plan, { requestsPerSecond, utilisationMax, tracelab: tracelab?.figures });
    const parts = rankParts(labParts, requestsPerSecond);
    const files = yamlFor({ collector, settings: planned.settings, windowS, tailKeep });
    if (settings.out !== '') await writeFiles(settings.out, files);
    const bold = boldOn(output);
    output.result(
      {
        demand,
        collector: sourced,
        plan,
        settings: planned.settings,
        warnings: warningsOf(planned),
        notes: notesOf(planned),
        parts,
        files,
      },
      renderCapacity(planned, parts, files, bold),
    );
  },
});

async function writeFiles(folder: string, files: readonly YamlFile[]): Promise<void> {
  try {
    makeFolder(resolve(folder));
    for (const { name, text } of files) await writeFile(join(resolve(folder), name), text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--out ${folder} cannot be written: ${reason}`, { cause: error });
  }
}
