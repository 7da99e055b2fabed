import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Explanation, PolicyVote } from '@tracelab/protocol';
import type { TailSamplingConfig } from '../config/collector-config.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { Semantics } from '../config/policy-config.ts';
import { batchOf, roomySink } from '../fixtures/decided.ts';
import { allRows } from '../receive/span-batch.ts';
import { spanIdFor, traceIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { Ballot } from '../sample/policies/ballot.ts';
import { configWith } from '../sample/policies/cases.test-kit.ts';
import { decideBy } from '../sample/policies/decide-by.ts';
import { TailSampler } from '../sample/tail-sampler.ts';
import { DecisionRecorder } from './decision-recorder.ts';
import { Explain } from './explain.ts';
import { openPolicyBook } from './policy-book.ts';

const folder = await mkdtemp(join(tmpdir(), 'tracelab-explain-'));
after(() => rm(folder, { recursive: true }));

const START_UNIX_MS = 1_790_000_000_000;
const ID = traceIdFor(0xabcdef);
const root: SpanSketch = { traceId: ID, spanId: spanIdFor(0), service: 'shop', name: 'POST /checkout', endMs: 750 };
const child: SpanSketch = { traceId: ID, spanId: spanIdFor(1), parentSpanId: spanIdFor(0), isError: true, endMs: 700 };

interface Lab {
  send: (...sketches: SpanSketch[]) => Promise<void>;
  pass: (ms: number) => void;
  explain: (traceId: string) => Promise<Explanation | undefined>;
}

/** The sampler with real policies, and a log in memory. */
async function createLab(config: TailSamplingConfig, records = new Map<string, Uint8Array[]>()): Promise<Lab> {
  let nowMs = 0;
  const ballot = new Ballot();
  const log = {
    windowStartUnixMs: undefined,
    record: (traceId: Uint8Array, payload: Uint8Array): void => {
      const key = Buffer.from(traceId).toString('hex');
      records.set(key, [...(records.get(key) ?? []), payload.slice()]);
    },
    find: (traceId: Uint8Array) => Promise.resolve(records.get(Buffer.from(traceId).toString('hex')) ?? []),
  };
  const book = await openPolicyBook(folder, config);
  const explain = new Explain({ log, book });
  const nowUnixMs = (): number => START_UNIX_MS + nowMs;
  const recorder = new DecisionRecorder({ log, configHash: book.configHash, ballot, nowUnixMs });
  const sink = roomySink();
  const sampler = new TailSampler(
    {
      decide: decideBy(config, { ballot, sink, nowMs: () => nowMs }),
      decisionWaitMs: 10_000,
      decisionWaitAfterRootMs: 1000,
      pendingTracesMax: 100,
      pendingBytesMax: 1e6,
      decisionsMax: { sampled: 100, notSampled: 100 },
    },
    { sink, taps: [recorder], nowMs: () => nowMs },
  );
  return {
    send: async (...sketches) => {
      const batch = batchOf(sketches);
      await sampler.accept(batch, allRows(batch));
    },
    pass: (ms) => {
      nowMs += ms;
      sampler.tick();
    },
    explain: (traceId) => explain.explain(traceId),
  };
}

function configOf(policies: string, semantics: Semantics = 'otel'): TailSamplingConfig {
  return parseConfig(configWith(policies), semantics).tailSampling;
}

const ERRORS = '{ name: errors, type: status_code, status_code: { status_codes: [ERROR] } }';
const SLOW = '{ name: slow, type: latency, latency: { threshold_ms: 800 } }';
const MANY =
  '{ name: many, type: and, and: { and_sub_policy: [{ name: spans, type: span_count, span_count: { min_spans: 3 } }, { name: flags, type: trace_flags }] } }';

function votesOf(policies: readonly PolicyVote[]): unknown[] {
  return policies.map(({ name, vote, observed, policies: inside }) => [name, vote, observed, ...votesOf(inside)]);
}

describe('Explain', () => {
  it('tells of a kept trace who voted what on which value, and what was known of it', async () => {
    const lab = await createLab(configOf(`[${SLOW}, ${ERRORS}, ${MANY}]`));
    await lab.send(root, child);
    lab.pass(1040);
    const explanation = await lab.explain(ID);
    assert.ok(explanation !== undefined);
    assert.deepEqual(votesOf(explanation.policies), [
      ['slow', 'notSampled', '750 ms'],
      ['errors', 'sampled', 'ERROR'],
      ['many', 'notSampled', '', ['spans', 'notSampled', '2 spans'], ['flags', 'notAsked', '']],
    ]);
    assert.deepEqual(
      explanation.policies.map(({ limit }) => limit),
      ['longer than 800 ms', 'a span with ERROR', 'all of these'],
    );
    assert.deepEqual(
      [explanation.decision, explanation.decidedBy, explanation.trigger, explanation.lagMs],
      ['sampled', 'errors', 'root', 40],
    );
    assert.equal(explanation.decidedAtUnixMs, START_UNIX_MS + 1040);
    assert.deepEqual(explanation.completeness, {
      spanCount: 2,
      errorCount: 1,
      durationNano: '750000000',
      rootService: 'shop',
      rootName: 'POST /checkout',
      rootSeen: true,
      missingParents: 0,
    });
    assert.equal(explanation.randomness, ID.slice(-14));
    assert.deepEqual(explanation.late, { spanCount: 0 });
  });

  it('tells as much of a dropped trace, its missing parents, and what came later', async () => {
    const lab = await createLab(configOf(`[${SLOW}]`));
    await lab.send(child);
    lab.pass(10_000);
    await lab.send(root, { ...child, spanId: spanIdFor(2) });
    const explanation = await lab.explain(ID);
    assert.ok(explanation !== undefined);
    assert.deepEqual([explanation.decision, explanation.decidedBy, explanation.trigger], ['notSampled', '', 'wait']);
    const { rootSeen, rootService, missingParents } = explanation.completeness;
    assert.deepEqual([rootSeen, rootService, missingParents], [false, '', 1]);
    assert.deepEqual(explanation.late, { spanCount: 2, lastAtUnixMs: START_UNIX_MS + 10_000 });
  });

  it('tells the randomness, and the threshold of the trace and of each choice by it', async () => {
    const policies = `[${SLOW}, { name: some, type: probabilistic, probabilistic: { sampling_percentage: 10 } }]`;
    const lab = await createLab(configOf(policies, 'lab'));
    await lab.send({ ...root, traceState: 'ot=rv:f6666666666666' }, { ...child, traceState: 'ot=rv:f6666666666666' });
    lab.pass(1000);
    const kept = await lab.explain(ID);
    assert.deepEqual([kept?.randomness, kept?.threshold, kept?.isShed], ['f6666666666666', 'e666', false]);
    assert.ok(Math.abs((kept?.probability ?? 0) - 0.1) < 1e-4);
    assert.deepEqual(
      kept?.policies.map(({ name, vote, threshold }) => [name, vote, threshold]),
      [
        ['slow', 'notSampled', undefined],
        ['some', 'sampled', 'e666'],
      ],
    );
    const other = traceIdFor(1);
    await lab.send({ ...root, traceId: other });
    lab.pass(1000);
    const dropped = await lab.explain(other);
    assert.deepEqual([dropped?.decision, dropped?.threshold], ['notSampled', 'e666']);
  });

  it('knows no threshold of a choice by a hash, and none of what nothing would keep', async () => {
    const hashed = await createLab(
      configOf('[{ name: some, type: probabilistic, probabilistic: { sampling_percentage: 99.9 } }]'),
    );
    const never = await createLab(configOf(`[${SLOW}]`));
    for (const lab of [hashed, never]) {
      await lab.send(root);
      lab.pass(1000);
    }
    const told = (await hashed.explain(ID)) as Explanation;
    assert.deepEqual([told.decision, told.threshold, told.probability], ['sampled', undefined, undefined]);
    const nothing = (await never.explain(ID)) as Explanation;
    assert.deepEqual([nothing.decision, nothing.threshold, nothing.probability], ['notSampled', undefined, 0]);
  });

  it('explains an older decision by the policies of its time', async () => {
    const records = new Map<string, Uint8Array[]>();
    const before = await createLab(configOf(`[${ERRORS}]`), records);
    await before.send(root, child);
    before.pass(1000);
    const afterwards = await createLab(configOf(`[${SLOW}, ${ERRORS}]`), records);
    const explanation = await afterwards.explain(ID);
    assert.deepEqual(votesOf(explanation?.policies ?? []), [['errors', 'sampled', 'ERROR']]);
  });

  it('knows nothing of a trace that it never saw, and survives records that it cannot read', async () => {
    const records = new Map([[ID, [Uint8Array.of(0xff), new Uint8Array()]]]);
    const lab = await createLab(configOf(`[${ERRORS}]`), records);
    assert.equal(await lab.explain(traceIdFor(1)), undefined);
    assert.equal(await lab.explain(ID), undefined);
  });
});
