import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROCESSES } from '../processes.ts';
import { childEnvironment } from './lab-programs.ts';

describe('the environment of a service', () => {
  it('keeps its spans in the lab, wherever the user sends those of an application of theirs', () => {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://vendor.example',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://vendor.example/v1/traces',
    };
    const plan = { tracer: 'lab', hasLoad: true, sampling: 'all', dataFolder: '/data', environment } as const;
    for (const row of PROCESSES.filter(({ isTraced }) => isTraced)) {
      const own = childEnvironment(row, plan);
      assert.deepEqual(
        [own['OTEL_EXPORTER_OTLP_ENDPOINT'], own['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'], own['LAB_DATA_DIR']],
        ['http://127.0.0.1:4318', '', '/data'],
        row.name,
      );
    }
  });
});
