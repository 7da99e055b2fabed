import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseVariantsFile, rowsOf, VARIANTS_MAX } from './variants-file.ts';

function refusalOf(text: string): string {
  const parsed = parseVariantsFile(text);
  return parsed.ok ? 'accepted' : parsed.error;
}

function withVariant(rest: string): string {
  return `variants:\n  - name: plain\n  - name: other\n${rest.replaceAll(/^/gm, '    ')}`;
}

describe('parseVariantsFile', () => {
  it('reads YAML and JSON alike', () => {
    const yaml = 'variants:\n  - name: plain\n  - name: traced\n    ratio: 0.5\n    env:\n      TRACING: "1"\n';
    const json = '{"variants":[{"name":"plain"},{"name":"traced","ratio":0.5,"env":{"TRACING":"1"}}]}';
    const expected = [
      { name: 'plain', env: {} },
      { name: 'traced', ratio: 0.5, env: { TRACING: '1' } },
    ];
    for (const text of [yaml, json]) assert.deepEqual(parseVariantsFile(text), { ok: true, value: expected });
  });

  it('refuses with the path of the key, what was got and what is allowed', () => {
    const refusals: [text: string, refusal: RegExp][] = [
      ['variants: [', /^is neither YAML nor JSON: /],
      ['- name: plain', /should be a mapping with the key "variants": was a list/],
      ['{}', /"variants" should be a list of 1 to 12, the baseline first: was absent/],
      ['variants: []', /"variants" should be a list of 1 to 12, .*: was 0 of them/],
      ['variants: [{name: a}]\nvariant: 1', /"variant" is unknown: the keys here are variants/],
      ['variants: [{name: a, injectedUs: 1}]', /"variants\[0\]\.injectedUs" should be absent/],
      [withVariant('enviroment: {}'), /"variants\[1\]\.enviroment" is unknown: the keys here are name, env, ratio/],
      [withVariant('ratio: 2'), /"variants\[1\]\.ratio" should be a number from 0 to 1: was 2/],
      [withVariant('ratio: "1"'), /"variants\[1\]\.ratio" should be a number from 0 to 1: was a string/],
      [withVariant('injectedUs: -1'), /"variants\[1\]\.injectedUs" should be a number from 0 to 1000000: was -1/],
      [withVariant('env: [A]'), /"variants\[1\]\.env" should be a mapping of variables: was a list/],
      [withVariant('env: {A-B: x}'), /"variants\[1\]\.env\.A-B" should be named with letters, digits and underscores/],
      [withVariant('env: {PORT: "1"}'), /"variants\[1\]\.env\.PORT" should be absent/],
      ['variants: [{name: a}, {name: a}]', /"variants\[1\]\.name" should differ from "variants\[0\]\.name": both/],
      ['variants: [{name: a}, {name: a (again)}]', /"variants\[1\]\.name" should not be "a \(again\)"/],
      ['variants: [{name: ""}]', /"variants\[0\]\.name" should be a line of 1 to 40 characters: was ""/],
      ['variants: [{name: 7}]', /"variants\[0\]\.name" should be a line of 1 to 40 characters: was a number/],
    ];
    for (const [text, refusal] of refusals) assert.match(refusalOf(text), refusal);
    const many = Array.from({ length: VARIANTS_MAX + 1 }, (_, index) => ({ name: `v${index}` }));
    assert.match(refusalOf(JSON.stringify({ variants: many })), /: was 13 of them/);
  });

  it('tells the kind of a wrong value of a variable and never the value: it may be a key', () => {
    const refusal = refusalOf(withVariant('env: {API_KEY: 4711}'));
    assert.equal(refusal, '"variants[1].env.API_KEY" should be text: was a number; put it in quotes');
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseVariantsFile(text)));
  });
});

describe('rowsOf', () => {
  it('adds the control behind the baseline, and gives each a set of its own, without the environments', () => {
    const rows = rowsOf([
      { name: 'plain', env: { KEY: 'secret' } },
      { name: 'traced', env: {}, ratio: 1 },
    ]);
    assert.deepEqual(rows, [
      { name: 'plain', set: 'plain' },
      { name: 'plain (again)', set: 'plain (again)' },
      { name: 'traced', set: 'traced', ratio: 1 },
    ]);
  });
});
