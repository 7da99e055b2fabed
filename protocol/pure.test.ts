import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import vm from 'node:vm';
import { build } from 'vite';

/**
 * protocol and model run in Node, in a browser and in k6, whose only common ground is ECMAScript. Two proofs: the bundled
 * rooms work in a context that has nothing else, and no file imports anything but its own room and protocol.
 */
const root = join(import.meta.dirname, '..');
const rooms = ['protocol', 'model'] as const;

async function bundle(room: string): Promise<string> {
  const output = await build({
    configFile: false,
    root: join(root, room),
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry: 'index.ts', formats: ['iife'], name: 'room' } },
  });
  const chunk = [output].flat().flatMap((part) => ('output' in part ? part.output : []))[0];
  return chunk?.type === 'chunk' ? chunk.code : assert.fail('the bundle should be one chunk');
}

/** Runs the bundle and then the script where there are only ECMAScript's globals; the script's value must be JSON. */
function runBare(bundled: string, script: string): unknown {
  const context = vm.createContext(Object.create(null));
  vm.runInContext('delete globalThis.console', context);
  const text: unknown = vm.runInContext(`${bundled};JSON.stringify((() => {${script}})())`, context);
  return JSON.parse(String(text));
}

/** What a file may import: files of its own room, and model the list of protocol. */
function forbiddenImports(room: string, source: string): string[] {
  const imports = source.matchAll(/(?:from|import|import\(|require\()\s*['"]([^'"]+)['"]/g);
  return [...imports]
    .map((match) => match[1] ?? '')
    .filter((name) => !name.startsWith('./') && !name.startsWith('../'))
    .filter((name) => !(room === 'model' && name === '@tracelab/protocol'));
}

function sources(room: string): string[] {
  const files = globSync('**/*.ts', { cwd: join(root, room) });
  return files.filter((file) => !file.endsWith('.test.ts') && !/^(test-kit|node_modules)/.test(file));
}

const SPAN = `{ ...room.emptySpan(), traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331',
  name: 'größer 😀', startTimeUnixNano: 1n, endTimeUnixNano: 9n, attributes: [{ key: 'raw', value: new Uint8Array([1, 255]) }] }`;
const DATA = `{ resourceSpans: [{ ...room.emptyResourceSpans(), scopeSpans: [{ ...room.emptyScopeSpans(), spans: [${SPAN}] }] }] }`;

describe('protocol without any platform', () => {
  it('encodes and decodes spans in both forms', async () => {
    const answer = runBare(
      await bundle('protocol'),
      `const bytes = room.encodeTracesData(${DATA});
       const decoded = room.decodeTracesData(bytes);
       const json = room.tracesDataToJson(decoded.value);
       const again = room.tracesDataFromJson(JSON.parse(JSON.stringify(json)));
       return { json: json.resourceSpans[0].scopeSpans[0].spans[0], isSame: bytes.join() === room.encodeTracesData(again.value).join() };`,
    );
    assert.deepEqual(answer, {
      json: {
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: 'b7ad6b7169203331',
        name: 'größer 😀',
        kind: 0,
        startTimeUnixNano: '1',
        endTimeUnixNano: '9',
        attributes: [{ key: 'raw', value: { bytesValue: 'Af8=' } }],
      },
      isSame: true,
    });
  });

  it('reads and writes the headers of a trace, and draws random numbers and ids', async () => {
    const answer = runBare(
      await bundle('protocol'),
      `const parent = room.parseTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03');
       const random = room.createRandom(1);
       const ids = room.createIdGenerator((bytes) => bytes.forEach((_, at) => { bytes[at] = 256 * random.next(); }));
       return [room.formatTraceparent(parent), room.formatTracestate(room.setTracestateMember([], 'lab', 'x')),
         room.formatBaggage(room.parseBaggage('user=%C3%A9').members).header, room.isTraceId(ids.traceId()),
         room.decodeRpcStatus(room.encodeRpcStatus({ code: 3, message: 'no' })).value.message];`,
    );
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03';
    assert.deepEqual(answer, [traceparent, 'lab=x', 'user=%C3%A9', true, 'no']);
  });
});

describe('model without any platform', () => {
  it('builds a tree, sums it up, merges it, and makes an interval', async () => {
    const answer = runBare(
      await bundle('model'),
      `const resource = { attributes: [{ key: 'service.name', value: 'bank' }], droppedAttributesCount: 0 };
       const scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 };
       const span = (spanId, parentSpanId, start, end) => ({ traceId: 'a', spanId, parentSpanId, traceState: '', name: spanId, kind: 0,
         startTimeUnixNano: start, endTimeUnixNano: end, attributes: [], droppedAttributesCount: 0, events: [], droppedEventsCount: 0,
         links: [], droppedLinksCount: 0, status: { code: 0, message: '' }, flags: 0 });
       const data = { resourceSpans: [{ resource, schemaUrl: '', scopeSpans: [{ scope, schemaUrl: '', spans: [span('b', 'a', 2n, 5n), span('a', '', 1n, 9n)] }] }] };
       const spans = room.flattenTracesData(room.mergeTracesData([data, data]));
       const tree = room.buildTraceTree(spans);
       const names = [];
       room.visitInOrder(tree, (node) => names.push(node.span.name + node.depth));
       const interval = room.bootstrapPairedDifference([{ pairs: [{ variant: 2, baseline: 1 }] }], { random: room.createRandom(1) });
       return { names, selfTime: String(room.selfTimeNano(tree.roots[0])), root: room.summarizeTrace(spans, false).rootService, estimate: interval.estimate };`,
    );
    assert.deepEqual(answer, { names: ['a0', 'b1'], selfTime: '5', root: 'bank', estimate: 1 });
  });
});

describe('the imports of protocol and model', () => {
  for (const room of rooms) {
    it(`name nothing foreign in ${room}`, () => {
      const files = sources(room);
      assert.ok(files.length > 5, 'the files should be found');
      for (const file of files) {
        assert.deepEqual(forbiddenImports(room, readFileSync(join(root, room, file), 'utf8')), [], file);
      }
    });
  }

  it('would be caught if they did', () => {
    assert.deepEqual(forbiddenImports('protocol', "import { readFileSync } from 'node:fs';"), ['node:fs']);
    assert.deepEqual(forbiddenImports('model', 'const fs = await import("node:fs");\nimport \'undici\';'), [
      'node:fs',
      'undici',
    ]);
    assert.deepEqual(forbiddenImports('protocol', "export { buildTraceTree } from '@tracelab/model';"), [
      '@tracelab/model',
    ]);
    assert.deepEqual(forbiddenImports('model', "import { a } from '@tracelab/protocol';\nimport './b.ts';"), []);
  });

  it('would fail in the bare context if a platform global were used', () => {
    assert.throws(() => runBare('', 'return new TextEncoder();'), /TextEncoder is not defined/);
    assert.throws(() => runBare('', 'return Buffer.from("x");'), /Buffer is not defined/);
  });
});
