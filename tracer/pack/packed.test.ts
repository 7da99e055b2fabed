/**
 * What others install: the tracer is packed, unpacked outside of the repository and run there by the running Node, by
 * every other Node from 20 on that is on the path, and by those that TRACELAB_NODES names.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OtlpSink } from '../test-kit/otlp-sink.ts';
import type { ReceivedSpan } from '../test-kit/received-span.ts';
import { PackedApplication, majorOf, nodesToTry } from '../test-kit/packed-application.ts';

const REGISTER = '@tracelab/tracer/register';
const WAYS: Readonly<Record<string, string[]>> = {
  'a module with --import': ['--import', REGISTER, 'shop-module.mjs'],
  'CommonJS with --import': ['--import', REGISTER, 'shop-commonjs.cjs'],
  'CommonJS with --require': ['--require', REGISTER, 'shop-commonjs.cjs'],
};

const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

let application: PackedApplication;
before(async () => {
  application = await PackedApplication.install();
});
after(() => application.remove());

describe('the packed package', () => {
  it('holds plain JavaScript with types, and depends on the API alone', () => {
    assert.deepEqual(readdirSync(application.packageFolder).sort(), [
      'README.md',
      'index.cjs',
      'index.d.cts',
      'index.d.mts',
      'index.mjs',
      'package.json',
      'register.cjs',
      'register.d.cts',
      'tracer.cjs',
    ]);
    const manifest = JSON.parse(readFileSync(join(application.packageFolder, 'package.json'), 'utf8')) as object;
    assert.deepEqual(Object.keys('peerDependencies' in manifest ? (manifest.peerDependencies as object) : {}), [
      '@opentelemetry/api',
    ]);
    assert(!('dependencies' in manifest) && !('private' in manifest));
  });

  it('requires nothing but the API, itself and Node, and nothing of Node that came after 20', () => {
    const code = readFileSync(join(application.packageFolder, 'tracer.cjs'), 'utf8');
    const required = [...code.matchAll(/(?:require|import)\("([^"]+)"\)/g)].map(([, name = '']) => name);
    assert(required.includes('node:http'), 'what is loaded late is found as well');
    assert.deepEqual([...new Set(required.filter((name) => !name.startsWith('node:')))], ['@opentelemetry/api']);
    const newer = /getBuiltinModule|URL\.parse\b|withResolvers|\bfromAsync\b|\.groupBy\b|Promise\.try/g;
    assert.deepEqual(code.match(newer), null);
  });
});

describe('the packed types', () => {
  const use = `start({ settings: { sampler: 'traceidratio', samplerArg: 0.5 } }).switch.counts().spansCreated.toFixed();`;
  const misuse = `// @ts-expect-error a sampler that is none\nstart({ settings: { sampler: 'sometimes' } });`;
  const consumers: Readonly<Record<string, [file: string, load: string, flags: string]>> = {
    'a module': ['module.mts', "import { start } from '@tracelab/tracer';", '--module node16'],
    CommonJS: [
      'common.cts',
      "import tracer = require('@tracelab/tracer');\nconst { start } = tracer;",
      '--module node16',
    ],
    'a bundler': [
      'bundled.ts',
      "import { start } from '@tracelab/tracer';",
      '--module esnext --moduleResolution bundler',
    ],
  };
  for (const [consumer, [file, load, flags]] of Object.entries(consumers)) {
    it(`are complete and exact for ${consumer}`, () => {
      writeFileSync(join(application.folder, file), `${load}\n${use}\n${misuse}\n`);
      const args = [compiler, '--noEmit', '--strict', '--target', 'es2022', '--types', '', ...flags.split(' '), file];
      execFileSync(process.execPath, args, { cwd: application.folder, encoding: 'utf8' });
    });
  }
});

for (const [version, node] of nodesToTry()) {
  describe(`Node ${version} runs the packed tracer`, { concurrency: true }, () => {
    for (const [way, args] of Object.entries(WAYS)) {
      it(`in ${way}`, async (context) => {
        const sink = await OtlpSink.open();
        context.after(() => sink.close());
        const { code, stdout, stderr } = await application.run(node, args, sink.url);
        assert.deepEqual([code, stderr], [0, '']);
        const spans = sink.take();
        const hasSqlite = majorOf(version) >= 24;
        for (const root of rootsOf(spans)) assert.deepEqual(linesOf(spans, root), hasSqlite ? TREE : TREE.slice(0, -1));
        assert.equal(rootsOf(spans).length, 2);
        assertLogIsStamped(stdout, spans);
      });
    }

    it('as one tracer, when one process loads it as a module and as CommonJS', async (context) => {
      const sink = await OtlpSink.open();
      context.after(() => sink.close());
      const { code, stdout } = await application.run(node, ['both-forms.mjs'], sink.url);
      assert.equal(code, 0);
      const { isSame, names, refusal } = JSON.parse(stdout) as { isSame: boolean; names: string[]; refusal: string };
      assert(isSame && names.includes('start'));
      assert.match(refusal, /another tracer is registered/);
      assert.deepEqual(
        sink.take().map((span) => span.name),
        ['once'],
      );
    });
  });
}

/** What one visit of the shop gives, each span under the former one. */
const TREE = ['GET', 'GET /carts/:id', 'price cart', 'GET', 'GET /stock/:sku', 'SELECT'];

function rootsOf(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  return spans.filter((span) => span.parentSpanId === '');
}

function linesOf(spans: readonly ReceivedSpan[], root: ReceivedSpan): string[] {
  const names: string[] = [];
  for (let span: ReceivedSpan | undefined = root; span !== undefined;) {
    names.push(span.name);
    const parent: ReceivedSpan = span;
    span = spans.find((other) => other.traceId === parent.traceId && other.parentSpanId === parent.spanId);
  }
  return names;
}

function assertLogIsStamped(stdout: string, spans: readonly ReceivedSpan[]): void {
  const lines = stdout
    .split('\n')
    .filter((line) => line.includes('"pricing"'))
    .map((line) => JSON.parse(line) as { trace_id?: string; span_id?: string });
  assert.equal(lines.length, 2);
  for (const { trace_id: traceId, span_id: spanId } of lines) {
    const span = spans.find((other) => other.spanId === spanId);
    assert.deepEqual([span?.name, span?.traceId], ['price cart', traceId]);
  }
}
