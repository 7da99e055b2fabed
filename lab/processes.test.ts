import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PORTS } from '@tracelab/protocol';
import { environmentOf, PROCESSES, reachableHost } from './processes.ts';
import type { ProcessName } from './processes.ts';

function environmentFor(name: ProcessName, outer: Record<string, string> = {}): Record<string, string> {
  const row = PROCESSES.find((process) => process.name === name);
  assert.ok(row !== undefined);
  return environmentOf(row, outer);
}

describe('the processes of the lab', () => {
  it("use every port of the house, each once, but Zipkin's: only a file opens it", () => {
    const used = PROCESSES.flatMap((process) => process.ports);
    const { zipkin: _, ...others } = PORTS;
    assert.deepEqual(used.toSorted(), Object.keys(others).sort());
  });

  it('trace every service but the bank, and nothing else', () => {
    const traced = PROCESSES.filter((process) => process.isTraced).map((process) => process.name);
    assert.deepEqual(traced.sort(), ['cache', 'checkout', 'gateway', 'inventory', 'payments', 'pricing']);
    assert.deepEqual(environmentFor('bank'), {});
  });

  it('are told where their peers and the collector are', () => {
    assert.deepEqual(environmentFor('payments'), {
      BANK_URL: 'http://127.0.0.1:4606',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
      OTEL_SERVICE_NAME: 'payments',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      TRACELAB_IGNORE_PATHS: '/healthz,/metrics,/_lab',
    });
  });

  it('move together with LAB_PORT_BASE and LAB_HOST, and a peer of its own stays where its variable says', () => {
    const moved = environmentFor('payments', { LAB_PORT_BASE: '5600', LAB_HOST: '192.0.2.7' });
    assert.equal(moved['BANK_URL'], 'http://192.0.2.7:5606');
    assert.equal(moved['OTEL_EXPORTER_OTLP_ENDPOINT'], 'http://192.0.2.7:5618');
    assert.equal(environmentFor('payments', { BANK_URL: 'http://bank.example/' })['BANK_URL'], 'http://bank.example');
  });

  it('call each other on loopback where they listen everywhere', () => {
    assert.deepEqual(
      ['0.0.0.0', '::', '', '::1'].map((host) => reachableHost({ LAB_HOST: host })),
      ['127.0.0.1', '127.0.0.1', '127.0.0.1', '[::1]'],
    );
  });
});
