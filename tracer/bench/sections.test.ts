import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '@tracelab/protocol';
import { rowsOf as contextRows } from './context/section.ts';
import { collectRounds } from './collect-rounds.ts';
import { ratiosOf } from './delivered/section.ts';
import { growthOf } from './memory/section.ts';
import { runChild } from './run-child.ts';
import { SECTION_NAMES } from './section.ts';
import { sectionsNamed } from './sections.ts';
import { rowsOf as startUpRows } from './start-up/section.ts';
import { nodeArgsOf, START_UP_VARIANTS } from './start-up/variants.ts';

const random = () => createRandom(5);
const noSignal = () => new AbortController().signal;

describe('the sections', () => {
  it('are chosen as a list or several flags, keep the report’s order, and refuse an unknown name', () => {
    assert.deepEqual(sectionsNamed([]), SECTION_NAMES);
    assert.deepEqual(sectionsNamed(['memory,heap', 'micro']), ['micro', 'heap', 'memory']);
    assert.throws(
      () => sectionsNamed(['mikro']),
      /micro, dapper, heap, bytes, delivered, startup, memory, context: was "mikro"/,
    );
  });
});

describe('rounds', () => {
  it('that are complete survive a request to end; without any, the interruption is told', async () => {
    const controller = new AbortController();
    const measureRound = async () => {
      if (controller.signal.aborted) throw new Error('cut off');
      return 1;
    };
    let measured = 0;
    const progress = () => void (++measured === 3 && controller.abort());
    const plan = { name: 'test', count: 10 };
    assert.deepEqual(await collectRounds(plan, { signal: controller.signal, progress }, measureRound), [1, 1]);
    await assert.rejects(collectRounds(plan, { signal: controller.signal, progress }, measureRound), /cut off/);
  });

  it('that fail by themselves fail the section', async () => {
    const failing = () => Promise.reject(new Error('spans are missing'));
    const context = { signal: noSignal(), progress: () => {} };
    await assert.rejects(collectRounds({ name: 'test', count: 2 }, context, failing), /spans are missing/);
  });
});

describe('delivered', () => {
  it('compares what is added to the untraced loop of the same round', () => {
    const rounds = [1, 1.1, 0.9].map((none) => ({ none, lab: none + 0.5, sdk: none + 5, control: none + 5 }));
    const { ratio, controlRatio } = ratiosOf(rounds);
    assert.ok(Math.abs(ratio.estimate - 0.1) < 1e-9 && Math.abs(ratio.high - ratio.low) < 1e-6);
    assert.ok(Math.abs(controlRatio.estimate - 1) < 1e-9);
  });
});

describe('start-up', () => {
  it('adds over Fastify of the same round, and relates that to the full SDK', () => {
    const rounds = [100, 120, 90, 110].map((fastify) => ({
      fastify,
      control: fastify,
      'lab-packed': fastify + 15,
      'lab-source': fastify + 40,
      'sdk-base': fastify + 75,
      'sdk-full': fastify + 150,
    }));
    const rows = startUpRows(rounds, random());
    assert.deepEqual(
      rows.map(({ variant, addedMs, ratio }) => [variant, addedMs.estimate, ratio.estimate]),
      [
        ['fastify', 0, 0],
        ['control', 0, 0],
        ['lab-packed', 15, 0.1],
        ['lab-source', 40, 40 / 150],
        ['sdk-base', 75, 0.5],
        ['sdk-full', 150, 1],
      ],
    );
  });

  it('starts an application that listens under every variant that is not packed', async () => {
    for (const variant of START_UP_VARIANTS.filter((name) => name !== 'lab-packed')) {
      const nodeArgs = nodeArgsOf(variant, '');
      const report = (await runChild({ file: 'start-up/app.mjs', nodeArgs }, noSignal())) as { cpuUs: number };
      assert.ok(report.cpuUs > 0, variant);
    }
  });
});

describe('memory', () => {
  it('leaves out what was sampled while code was cold, and counts heap and buffers together', () => {
    const samples = Array.from({ length: 8 }, (_, index) => ({
      requests: (index + 1) * 100_000,
      heapBytes: index === 0 ? 0 : 5e6 + index * 300_000,
      externalBytes: index * 100_000,
      residentBytes: 0,
    }));
    assert.equal(growthOf(samples).estimate, 4);
  });
});

describe('context', () => {
  it('compares each with a call or an await of the same round', () => {
    const costs = {
      call: 1,
      await: 40,
      run: 201,
      'run beside another storage': 231,
      enterWith: 96,
      getStore: 11,
      'await, storage made': 40,
      'await, inside run': 42,
    };
    const rows = contextRows([costs, costs, costs], random());
    assert.deepEqual(
      rows.map(({ name, addedNs }) => [name, addedNs?.estimate]),
      [
        ['call', undefined],
        ['await', undefined],
        ['run', 200],
        ['run beside another storage', 230],
        ['enterWith', 95],
        ['getStore', 10],
        ['await, storage made', 0],
        ['await, inside run', 2],
      ],
    );
  });
});

describe('a child', () => {
  it('sees nothing of this environment but PATH', async () => {
    process.env['OTEL_SERVICE_NAME'] = 'from the shell';
    try {
      const child = { file: 'fixtures/print-environment.mjs', env: { GIVEN: 'yes' } };
      const seen = (await runChild(child, noSignal())) as Record<string, string>;
      assert.equal(seen['OTEL_SERVICE_NAME'], undefined);
      assert.deepEqual([seen['PATH'], seen['GIVEN']], [process.env['PATH'], 'yes']);
    } finally {
      delete process.env['OTEL_SERVICE_NAME'];
    }
  });

  it('that fails tells what it wrote, and one that is asked to end does', async () => {
    await assert.rejects(
      runChild({ file: 'delivered/spans-process.ts', args: ['unheard-of'] }, noSignal()),
      /spans-process\.ts unheard-of ended with 1: [\s\S]*unknown variant: unheard-of/,
    );
    const controller = new AbortController();
    const running = runChild(
      { file: 'memory/memory-process.ts', args: ['none', 'down', '1', '100000000'] },
      controller.signal,
    );
    controller.abort();
    await assert.rejects(running, { name: 'AbortError' });
  });
});
