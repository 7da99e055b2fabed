import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectRoot } from '@tracelab/command';
import { parseAllDocuments } from 'yaml';
import { runProcess, type Ended } from '../run/run-process.test-kit.ts';
import { serve } from '../stand-in/serve.test-kit.ts';
import { manifestOf, type ConfigMap, type ManifestPlan, type TestRun } from './manifest.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-k6-manifest-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const printManifest = (...args: string[]): Promise<Ended> =>
  runProcess(process.execPath, [join(projectRoot, 'loadtest/k6/operator/main.ts'), ...args]);

function parse(text: string): [ConfigMap, TestRun] {
  return parseAllDocuments(text).map((document) => document.toJS() as unknown) as [ConfigMap, TestRun];
}

const PLAN: ManifestPlan = {
  name: 'load',
  namespace: '',
  parallelism: 1,
  image: 'grafana/k6:1.8.1',
  variables: { SCENARIO: 'smoke' },
  controlTokenSecret: '',
  script: 'export default () => {};',
};

/** Every field of a TestRun's spec that the operator documents (docs/crd-generated.md, 1.x). */
const SPEC_FIELDS =
  'arguments cleanup cloud initializer parallelism paused ports quiet runner script scuttle separate starter testRunId token';

describe('the manifest for the k6 operator', () => {
  it('is a ConfigMap with the script and a TestRun that names it, in the operator’s own fields', async () => {
    const { code, stdout, stderr } = await printManifest('--scenario', 'spike', '--rate', '50', '--parallelism', '4');
    assert.equal(code, 0, stderr);
    const [configMap, testRun] = parse(stdout);
    assert.deepEqual([configMap.apiVersion, configMap.kind], ['v1', 'ConfigMap']);
    assert.deepEqual([testRun.apiVersion, testRun.kind], ['k6.io/v1alpha1', 'TestRun']);
    assert.ok(Object.keys(testRun.spec).every((field) => SPEC_FIELDS.split(' ').includes(field)));
    assert.deepEqual(testRun.spec.script, { configMap: { name: configMap.metadata.name, file: 'checkout.js' } });
    assert.deepEqual([testRun.spec.parallelism, testRun.spec.separate], [4, true]);
    assert.equal(
      testRun.spec.arguments,
      '-e SCENARIO=spike -e RATE=50 -e CLIENT_RATE=1 -e GATEWAY_URL=http://gateway:4600 -e LAB_CONTROL_URL=http://control:4690',
    );
    assert.deepEqual(testRun.spec.runner, { image: 'grafana/k6:1.8.1' });
  });

  it('holds the whole script in one file, which imports nothing but k6', async () => {
    const [{ data }] = parse((await printManifest()).stdout);
    const script = data['checkout.js'] ?? '';
    const imports = [...script.matchAll(/^import .* from "([^"]+)";$/gm)].map(([, specifier]) => specifier);
    assert.deepEqual(new Set(imports), new Set(['k6', 'k6/execution', 'k6/http', 'k6/metrics']));
    assert.match(script, /export \{.* as default, .*handleSummary, options, setup,.* teardown \};/);
  });

  it('shows no token: that is read from a Secret', () => {
    const [, testRun] = manifestOf({ ...PLAN, controlTokenSecret: 'lab' });
    assert.deepEqual(testRun.spec.runner.env, [
      { name: 'LAB_CONTROL_TOKEN', valueFrom: { secretKeyRef: { name: 'lab', key: 'token' } } },
    ]);
    assert.equal(testRun.spec.separate, false, 'one pod needs no machine of its own');
  });

  it('refuses a script that no ConfigMap holds, and what a shell would take apart', () => {
    assert.throws(
      () => manifestOf({ ...PLAN, script: 'x'.repeat(1_048_577) }),
      /at most 1048576 bytes: .* has 1048577/,
    );
    for (const GATEWAY_URL of ['http://a b', 'http://a;id', 'http://$(id)', "http://a'"])
      assert.throws(() => manifestOf({ ...PLAN, variables: { GATEWAY_URL } }), /should hold no blanks, quotes/);
  });

  it('refuses more pods than there are users, and faults of which a pod could tell nothing', async () => {
    const many = await printManifest('--parallelism', '21');
    assert.equal(many.code, 2);
    assert.match(many.stderr, /--parallelism should be at most 20, .*: was 21/);
    const few = await printManifest('--scenario', 'faults');
    assert.equal(few.code, 2);
    assert.match(few.stderr, /at least 100 requests from each pod .* RATE and DURATION make 50/);
    const name = await printManifest('--name', 'My_Load');
    assert.equal(name.code, 2);
    assert.match(name.stderr, /--name should be up to 40 small letters, digits and dashes: was "My_Load"/);
  });

  it('is written to a file where one is named', async () => {
    const file = join(folder, 'testrun.yaml');
    const { stdout } = await printManifest('--namespace', 'load', '--out', file);
    assert.match(stdout, /Written: .*testrun\.yaml/);
    assert.deepEqual(
      parse(readFileSync(file, 'utf8')).map((part) => part.metadata.namespace),
      ['load', 'load'],
    );
  });

  const k6 = process.env['K6_BIN'] ?? '';
  const skip = k6 === '' ? 'K6_BIN does not name a k6 binary' : false;
  it('divides the rate among its pods, as the operator starts them', { skip }, async (context) => {
    let orders = 0;
    const shop = await serve(context, (request, response) => {
      if (request.method === 'POST') orders++;
      response.end(JSON.stringify([{ sku: 'tea' }]));
    });
    const flags = ['--rate', '30', '--duration', '2s', '--gateway-url', shop];
    const [{ data }, { spec }] = parse((await printManifest(...flags)).stdout);
    const script = join(folder, 'checkout.js');
    writeFileSync(script, data['checkout.js'] ?? '');
    const variables = spec.arguments.split(' ');
    const alone = ['--quiet', '--address', '', '--execution-segment-sequence', '0,1/2,1'];
    const pods = ['0:1/2', '1/2:1'].map((segment) => [
      'run',
      ...alone,
      '--execution-segment',
      segment,
      ...variables,
      script,
    ]);
    for (const { code, stdout, stderr } of await Promise.all(pods.map((args) => runProcess(k6, args)))) {
      assert.equal(code, 0, stderr);
      assert.match(stdout, /steady: (29|30|31) requests, 0\.0 % failed/);
    }
    assert.ok(orders >= 59 && orders <= 62, `${orders} orders of two pods in 2 s at 30/s`);
  });
});
