/** `npm run k6` as a process of its own, with a program in k6's place that answers, writes samples and ends as k6 does. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parseAttackResult } from '../../attack/result.ts';
import { runLoadtest, type Ended } from './run-process.test-kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-k6-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const SURROUNDINGS = { GATEWAY_URL: 'http://gateway.test', LAB_DATA_DIR: folder };

function runK6(binary: string, ...args: string[]): Promise<Ended> {
  return runLoadtest(['k6', ...args], { ...SURROUNDINGS, K6_BIN: binary });
}

const SAMPLES = [
  'metric_name,timestamp,metric_value,error_code,group,scenario,status,extra_tags,metadata',
  'http_req_duration,1795878540100000,20.0,,,steady,200,phase=steady,',
  'http_req_duration,1795878540200000,30.0,,,steady,200,phase=steady,',
  '',
].join('\n');

/** Prints its arguments, and the folder that its samples went to. */
function fakeBinary(name: string, { exitCode = 0, samples = SAMPLES } = {}): string {
  const file = join(folder, name);
  const program = `#!${process.execPath}
const { existsSync, writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args[0] === 'version') { console.log('k6 v1.8.1 (go1.26.8, linux/amd64)'); process.exit(0); }
console.log('k6 got ' + args.join(' ') + ' ' + process.env.K6_CSV_TIME_FORMAT);
const out = args[args.indexOf('--out') + 1] ?? '';
if (out.startsWith('csv=')) writeFileSync(out.slice(4), ${JSON.stringify(samples)});
process.exit(${exitCode});
`;
  writeFileSync(file, program);
  chmodSync(file, 0o755);
  return file;
}

const skip = process.platform === 'win32' ? 'a script cannot stand in for a binary on Windows' : false;

describe('npm run k6', () => {
  it(
    'hands scenario, rates, duration and addresses to the script, and what was not given not at all',
    { skip },
    async () => {
      const binary = fakeBinary('plain');
      const { code, stdout } = await runK6(binary, '--scenario', 'spike', '--rate', '25', '--duration', '5s');
      assert.equal(code, 1, 'the samples are of another scenario: nothing was sent');
      assert.match(stdout, /^k6 got run --quiet -e SCENARIO=spike -e RATE=25 -e DURATION=5s -e CLIENT_RATE=1 /m);
      assert.match(stdout, /-e GATEWAY_URL=http:\/\/gateway\.test -e LAB_CONTROL_URL=http:\/\/127\.0\.0\.1:\d+ /);
      assert.match(stdout, /-e SUMMARY_FILE=.*k6-summary\.json --out csv=\S+ .*checkout\.ts unix_micro$/m);
      assert.doesNotMatch(stdout, /SPIKE_RATE/);
    },
  );

  it('saves every request as attack does, counted from the send, and removes k6’s samples', { skip }, async () => {
    const out = join(folder, 'saved');
    const { code, stdout, stderr } = await runK6(fakeBinary('saving'), '--out', out);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /Open loop by k6 v1\.8\.1: scenario steady, POST http:\/\/gateway\.test\/checkout, steady 30 s at 10\/s/,
    );
    assert.match(stdout, /^from the send +20\.0/m);
    assert.doesNotMatch(stdout, /intended start|^lateness|^latency/m);
    assert.match(stdout, /does not tell when a request should have been sent/);
    const parsed = parseAttackResult(readFileSync(join(out, 'attack.json'), 'utf8'));
    assert.ok(parsed.ok, parsed.ok ? '' : parsed.error);
    assert.deepEqual(parsed.value.shots.latencyUs, [20_000, 30_000]);
    assert.equal(parsed.value.latencyFrom, 'send');
    const samples = /--out csv=(\S+)/.exec(stdout)?.[1] ?? '';
    assert.ok(samples !== '' && !existsSync(samples), samples);
    const again = await runLoadtest(['attack', '--from', join(out, 'attack.json')]);
    assert.equal(again.code, 0, again.stderr);
    assert.ok(stdout.endsWith(again.stdout), 'the report comes from the file');
  });

  it('prints one JSON document and nothing else where it is asked to', { skip }, async () => {
    const { stdout, stderr } = await runK6(fakeBinary('json'), '--json');
    const { summary, latencyFrom } = JSON.parse(stdout);
    assert.deepEqual([latencyFrom, summary.latencyFromSend.maxUs, summary.latency], ['send', 30_000, undefined]);
    assert.match(stderr, /k6 got run --quiet/);
  });

  it('keeps aggregates alone where requests are too many, and says so', { skip }, async () => {
    const { code, stdout, stderr } = await runK6(fakeBinary('long'), '--rate', '1000', '--duration', '201s');
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /201,000 requests are more than the 200,000 that are saved one by one: only aggregates are kept/,
    );
    assert.doesNotMatch(stdout, /--out csv/);
    assert.match(stdout, /^Aggregates: .*k6-summary\.json$/m);
  });

  it('ends with 1 where a threshold failed, after its report, and where k6 failed otherwise', { skip }, async () => {
    const failed = await runK6(fakeBinary('failing', { exitCode: 99 }));
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /a threshold failed/);
    assert.match(failed.stdout, /^from the send/m);
    const broken = await runK6(fakeBinary('broken', { exitCode: 107, samples: `${SAMPLES.split('\n')[0]}\n` }));
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /k6 ended with exit code 107/);
    assert.doesNotMatch(broken.stdout, /Every request/);
  });

  it('says what to do where there is no k6', async () => {
    const { code, stderr } = await runK6(join(folder, 'absent'));
    assert.equal(code, 1);
    assert.match(stderr, /cannot be started .*: install k6 and name it with K6_BIN/);
  });

  it('refuses, before it starts k6, what the script would refuse and what would make k6 drop it', async () => {
    const unknown = await runK6('absent', '--scenario', 'stress');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /--scenario should be one of smoke, steady, spike, soak, faults: was "stress"/);
    const soon = await runK6('absent', '--duration', 'soon');
    assert.equal(soon.code, 2);
    assert.match(soon.stderr, /DURATION should be like 30s or 2m, .*: was "soon"/);
    const overridden = await runLoadtest(['k6'], { K6_DURATION: '5s', K6_BIN: 'absent' });
    assert.equal(overridden.code, 2);
    assert.match(overridden.stderr, /K6_DURATION should not be set: k6 drops the scenarios of a script for it/);
  });
});
