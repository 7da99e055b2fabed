import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PROCESSES } from '../processes.ts';
import { SAMPLING_MODES, samplingEnvironment } from './sampling-mode.ts';

it('a mode configures the collector, and the hybrid one the services with a tracer too', () => {
  const variables = SAMPLING_MODES.map((mode) =>
    PROCESSES.map((row) => [row.name, samplingEnvironment(row, mode, 'lab')] as const).filter(
      ([, own]) => Object.keys(own).length > 0,
    ),
  );
  const names = variables.map((rows) => rows.map(([name]) => name).toSorted());
  assert.deepEqual(names, [
    [],
    ['collector'],
    ['cache', 'checkout', 'collector', 'gateway', 'inventory', 'payments', 'pricing'],
  ]);
  const [, tail, hybrid] = variables.map((rows) => Object.fromEntries(rows));
  assert.match(tail?.['collector']?.['COLLECTOR_CONFIG'] ?? '', /collector.tail\.yaml$/);
  assert.match(hybrid?.['collector']?.['COLLECTOR_CONFIG'] ?? '', /collector.hybrid\.yaml$/);
  assert.deepEqual(hybrid?.['gateway'], {
    OTEL_TRACES_SAMPLER: 'parentbased_probability',
    OTEL_TRACES_SAMPLER_ARG: '0.0625',
  });
  const gateway = PROCESSES.find(({ name }) => name === 'gateway');
  assert.ok(gateway !== undefined);
  assert.equal(samplingEnvironment(gateway, 'hybrid', 'otel')['OTEL_TRACES_SAMPLER'], 'parentbased_traceidratio');
});
