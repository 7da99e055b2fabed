import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { servicesTable } from './services-table.ts';

const rowOf = (service: string, requestsPerSecond: number): Parameters<typeof servicesTable>[0][number] => ({
  service,
  requestsPerSecond,
  spansPerRequest: 2,
  bytesPerSpan: 500,
  peakFactor: 3,
});

describe('servicesTable', () => {
  it('puts who makes the most bytes first, with its share of all', () => {
    assert.deepEqual(servicesTable([rowOf('small', 10), rowOf('large', 30)])?.rows, [
      ['large', '60', '30.00 KB/s', '75 %', '3'],
      ['small', '20', '10.00 KB/s', '25 %', '3'],
    ]);
  });

  it('sums up those beyond the twentieth, so that nothing is lost', () => {
    const rows = servicesTable(Array.from({ length: 24 }, (_, index) => rowOf(`s${index}`, 25)))?.rows;
    assert.equal(rows?.length, 21);
    assert.deepEqual(rows?.at(-1), ['4 more', '200', '100.00 KB/s', '16.67 %', '-']);
  });

  it('is left out for one row', () => {
    assert.equal(servicesTable([rowOf('all services', 1)]), undefined);
  });
});
