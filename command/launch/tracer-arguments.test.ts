import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { UsageError } from '../program/outcome.ts';
import { projectRoot } from './places.ts';
import { parseTracerName, TRACER_NAMES, tracerArguments } from './tracer-arguments.ts';

describe('LAB_TRACER', () => {
  it('is the lab’s tracer unless it names another', () => {
    assert.equal(parseTracerName(undefined), 'lab');
    assert.equal(parseTracerName(''), 'lab');
    for (const name of TRACER_NAMES) assert.equal(parseTracerName(name), name);
  });

  it('refuses anything else with the names that it may be', () => {
    assert.throws(() => parseTracerName('Otel'), UsageError);
    assert.throws(() => parseTracerName('Otel'), /LAB_TRACER=Otel is unknown: use one of lab, otel, none, api/);
  });

  it('makes arguments with which node finds what to load', () => {
    assert.deepEqual(tracerArguments('none'), []);
    for (const name of TRACER_NAMES) {
      const [, specifier = '#tracer/none'] = tracerArguments(name);
      const script = `process.stdout.write(import.meta.resolve(${JSON.stringify(specifier)}))`;
      const found = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: projectRoot,
        encoding: 'utf8',
      });
      assert.match(found, /^file:.*\.m?[jt]s$/, name);
    }
  });
});
