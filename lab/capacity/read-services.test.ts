import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { readServices, readSpanBytes, ROWS_MAX } from './read-services.ts';

const DEFAULTS = { bytesPerSpan: 426, peakFactor: 2 };
const HEADING = 'service,requests_per_second,spans_per_request,bytes_per_span,peak_factor';

function assertRefused(text: string, message: RegExp): void {
  const result = readServices(text, DEFAULTS);
  assert.ok(!result.ok, 'it should be refused');
  assert.match(result.error, message);
}

describe('services.csv', () => {
  it('is a row for each service, in any order of columns, with presets for bytes', () => {
    const text = `${HEADING}\r\ngateway, 1000, 2.5, http-server, 3\r\n\r\ncheckout,200,12,500,1\r\n`;
    const expected = [
      { service: 'gateway', requestsPerSecond: 1000, spansPerRequest: 2.5, bytesPerSpan: 459, peakFactor: 3 },
      { service: 'checkout', requestsPerSecond: 200, spansPerRequest: 12, bytesPerSpan: 500, peakFactor: 1 },
    ];
    assert.deepEqual(readServices(text, DEFAULTS), { ok: true, value: expected });
    assert.deepEqual(readServices(`\uFEFF${text}`, DEFAULTS), { ok: true, value: expected });
    const shuffled = 'peak_factor,spans_per_request,service,bytes_per_span,requests_per_second\n3,2.5,gateway,459,1000';
    assert.deepEqual(readServices(shuffled, DEFAULTS), { ok: true, value: [expected[0]] });
  });

  it('takes what has no column from the defaults, and a rate of any period that has a length', () => {
    const row = { service: 'a', spansPerRequest: 1, bytesPerSpan: 426, peakFactor: 2 };
    for (const [period, requests] of [
      ['minute', '60'],
      ['hour', '3600'],
      ['day', '86400'],
    ]) {
      const read = readServices(`service,requests_per_${period},spans_per_request\na,${requests},1`, DEFAULTS);
      assert.deepEqual(read, { ok: true, value: [{ ...row, requestsPerSecond: 1 }] });
    }
  });

  it('refuses a rate without a period, and a month, which has no fixed length', () => {
    for (const column of ['requests', 'requests_per_month', 'rps'])
      assertRefused(
        `service,${column},spans_per_request\na,1,1`,
        new RegExp(`the column "${column}", whose unit or period nobody can know: allowed are service, .*per_day`),
      );
    assertRefused('service,spans_per_request\na,1', /exactly one of the columns requests_per_second, /);
    assertRefused('service,requests_per_second,requests_per_day,spans_per_request\na,1,1,1', /exactly one of/);
  });

  it('names the line and the cell of what is wrong, what it was and what is allowed', () => {
    assertRefused(
      `${HEADING}\na,1,1,1,1\nb,fast,1,1,1`,
      /^line 3: requests_per_second should be .* above 0: was "fast"/,
    );
    assertRefused(`${HEADING}\na,0,1,1,1`, /requests_per_second should be a number above 0: was "0"/);
    assertRefused(`${HEADING}\na,1,,1,1`, /spans_per_request should be .*: was ""/);
    assertRefused(`${HEADING}\na,1,1,huge,1`, /bytes_per_span should be .* one of no-attributes, .*: was "huge"/);
    assertRefused(`${HEADING}\na,1,1,1,0.5`, /peak_factor should be a number of at least 1: was "0.5"/);
    assertRefused(`${HEADING}\n,1,1,1,1`, /line 2: service is empty/);
    assertRefused(`${HEADING}\na,1,1,1`, /line 2 has 4 cells: its heading has 5/);
    assertRefused(`service,service,${HEADING}\n`, /has the column "service" twice/);
    assertRefused('service,requests_per_second\na,1', /lacks the column spans_per_request/);
    assertRefused(HEADING, /no row below its heading/);
    assertRefused(`service,${'\u0007'.repeat(100)}\n`, /the column "(\\u0007){60}", whose/);
    assertRefused('', /exactly one of the columns/);
  });

  it('reads a bounded number of rows', () => {
    const rows = (count: number): string => `${HEADING}\n${'a,1,1,1,1\n'.repeat(count)}`;
    assert.ok(readServices(rows(ROWS_MAX), DEFAULTS).ok);
    assertRefused(rows(ROWS_MAX + 1), /has 10001 rows: at most 10000/);
  });

  it('never throws, whatever the text is, and never lets a number through that is none', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `${HEADING}\n${rest}`),
      fc.array(fc.string(), { minLength: 5, maxLength: 5 }).map((cells) => `${HEADING}\n${cells.join(',')}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readServices(text, DEFAULTS);
        if (!read.ok) return;
        for (const { requestsPerSecond, spansPerRequest, bytesPerSpan, peakFactor } of read.value)
          for (const value of [requestsPerSecond, spansPerRequest, bytesPerSpan, peakFactor])
            assert.ok(Number.isFinite(value) && value > 0);
      }),
    );
  });
});

describe('readSpanBytes', () => {
  it('takes a number or a name of a preset, and nothing else', () => {
    assert.deepEqual(readSpanBytes('dapper-2010'), { ok: true, value: 426 });
    assert.deepEqual(readSpanBytes('1000'), { ok: true, value: 1000 });
    for (const text of ['', '0', '-1', 'toString', '1 KB', 'Infinity']) assert.ok(!readSpanBytes(text).ok, text);
  });
});
