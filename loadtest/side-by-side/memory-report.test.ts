import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderMemory, summarizeMemory } from './memory-report.ts';
import type { MemorySeries } from './memory.ts';

const MEBIBYTE = 1024 ** 2;

/** 41 samples of 1,000 requests each: a first half that warms up steeply, then so many bytes for each request. */
function series(bytesPerRequest: number, noiseBytes = 0): MemorySeries {
  const samples = Array.from({ length: 41 }, (_, part) => {
    const warm = 200 * MEBIBYTE + 1000 * bytesPerRequest * (part - 20) + (part % 2 === 0 ? noiseBytes : -noiseBytes);
    const residentBytes = part < 20 ? (100 + 5 * part) * MEBIBYTE : warm;
    return { requests: part * 1000, residentBytes, spansDropped: part * 10 };
  });
  return { situation: 'lab, sink down', samples };
}

describe('the slope of memory', () => {
  it('is that of the second half alone: warming up is no leak', () => {
    const summary = summarizeMemory(series(0, MEBIBYTE));
    assert.ok(summary?.isFlat);
    assert.ok(Math.abs(summary.bytesPerRequest) < 10, String(summary.bytesPerRequest));
  });

  it('finds a leak of one kilobyte a request', () => {
    const summary = summarizeMemory(series(1024, MEBIBYTE));
    assert.equal(Math.round(summary?.bytesPerRequest ?? 0), 1024);
    assert.equal(Math.round(summary?.growthPercent ?? 0), 10);
    assert.equal(summary?.isFlat, false);
  });

  it('is not told of a run that was ended before there was one', () => {
    const { samples, situation } = series(0);
    assert.equal(summarizeMemory({ situation, samples: samples.slice(0, 2) }), undefined);
    assert.match(renderMemory([{ situation, samples: [] }]), /too few samples/);
  });

  it('is printed under the series, with what was dropped', () => {
    const page = renderMemory([series(1024)]);
    assert.match(page, /0 requests +100 MiB\n/);
    assert.match(page, /40,000 requests +220 MiB {2}400 spans dropped\n {2}NOT FLAT: \+1024 bytes a request/);
  });
});
