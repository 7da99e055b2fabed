import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseOverheadResult, type OverheadResult } from './result.ts';

const saved = readFileSync(new URL('../report/fixture/overhead.json', import.meta.url), 'utf8');

/** The saved text with one place of it changed. */
function broken(change: (result: OverheadResult) => void): string {
  const result = JSON.parse(saved) as OverheadResult;
  change(result);
  return JSON.stringify(result);
}

function refusalOf(text: string): string {
  const parsed = parseOverheadResult(text);
  return parsed.ok ? 'accepted' : parsed.error;
}

describe('parseOverheadResult', () => {
  it('reads what was saved', () => {
    const parsed = parseOverheadResult(saved);
    assert.ok(parsed.ok);
    assert.equal(parsed.value.workloads[0]?.blocks.length, 6 * 3 * 28);
  });

  it('refuses what is not a result, naming the place and what belongs there', () => {
    assert.match(refusalOf('{'), /is not JSON/);
    assert.match(refusalOf('{}'), /"format" should be "tracelab-overhead"/);
    assert.match(
      refusalOf(broken((result) => Reflect.set(result, 'version', 2))),
      /version 2: this program reads version 1/,
    );
    assert.match(refusalOf(broken((result) => Reflect.set(result, 'seed', '7'))), /"seed" should be a number/);
    assert.match(
      refusalOf(broken((result) => Reflect.set(result, 'machine', 'fast'))),
      /"machine" should be an object/,
    );
    const governedBy = (governor: unknown): string =>
      refusalOf(broken((result) => Object.assign(result.machine, { governor })));
    assert.match(governedBy(1), /"machine\.governor" should be a string/);
    assert.equal(governedBy('performance'), 'accepted');
    const inWorkload = (field: string, value: unknown): string =>
      refusalOf(broken((result) => Object.assign(result.workloads[0] ?? {}, { [field]: value })));
    assert.match(inWorkload('processesPerSet', '2'), /"workloads\[0\]\.processesPerSet" should be a number/);
    assert.match(inWorkload('design', 'apart'), /"workloads\[0\]\.design" should be one of side by side, in turn/);
    const inBlock = (field: string, value: unknown): string =>
      refusalOf(broken((result) => Object.assign(result.workloads[0]?.blocks[3] ?? {}, { [field]: value })));
    assert.match(
      inBlock('variant', '1/3'),
      /"workloads\[0\]\.blocks\[3\]\.variant" should be one of none, none \(again\), API only, unsampled/,
    );
    assert.match(inBlock('requests', 0), /blocks\[3\]\.requests" and .* should be above 0/);
    assert.match(inBlock('cpuUs', null), /"workloads\[0\]\.blocks\[3\]\.cpuUs" should be a number/);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.equal(parseOverheadResult(text).ok, false)),
    );
  });
});
