import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { createRandom } from '@tracelab/protocol';
import { runSections } from './run-sections.ts';
import type { Section, SectionContext } from './section.ts';
import { SECTIONS } from './sections.ts';

const context = (signal: AbortSignal = new AbortController().signal): SectionContext => ({
  preset: 'quick',
  random: createRandom(1),
  caseNames: [],
  progress: () => {},
  signal,
});
const found: Section = async () => ({
  title: 'found',
  table: { headings: ['a'], rows: [['1']] },
  notes: ['b'],
  json: 1,
});

describe('runSections', () => {
  it('keeps the figures of the others where one fails, and says why it did', async () => {
    const failing: Section = () => Promise.reject(new Error('the sink is gone'));
    const { sections, failures, texts } = await runSections(
      ['micro', 'heap', 'memory'],
      { ...SECTIONS, micro: found, heap: failing, memory: found },
      context(),
    );
    assert.deepEqual(sections, { micro: 1, memory: 1 });
    assert.deepEqual(failures, { heap: 'the sink is gone' });
    assert.deepEqual(texts, ['found\n\na\n─\n1\n\n  b', 'heap: failed: the sink is gone', 'found\n\na\n─\n1\n\n  b']);
  });

  it('ends at a request to end with what was measured', async () => {
    const controller = new AbortController();
    const interrupted: Section = async () => {
      controller.abort();
      throw new Error('cut off');
    };
    const given = { ...SECTIONS, micro: found, heap: interrupted, memory: found };
    const { sections, failures } = await runSections(['micro', 'heap', 'memory'], given, context(controller.signal));
    assert.deepEqual([sections, failures], [{ micro: 1 }, {}]);
  });

  it('throws what was called wrongly', async () => {
    const refusing: Section = () => Promise.reject(new UsageError('--case should be …'));
    await assert.rejects(runSections(['micro'], { ...SECTIONS, micro: refusing }, context()), UsageError);
  });
});
