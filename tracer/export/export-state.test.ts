import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nextState } from './export-state.ts';
import type { ExportEvent, ExportState } from './export-state.ts';

const walk = (...events: ExportEvent[]): ExportState => events.reduce(nextState, 'idle' as ExportState);

it('a batch goes out and the exporter rests', () => assert.equal(walk('add', 'due', 'emptied'), 'idle'));
it('spans that came meanwhile are batched next', () => assert.equal(walk('add', 'due', 'add', 'settled'), 'batching'));
it('only one request is under way', () => assert.equal(walk('add', 'due', 'due'), 'sending'));
it('a pause is not broken by new spans', () => assert.equal(walk('add', 'wait', 'add', 'due'), 'backingOff'));
it('after a pause it goes on', () => assert.equal(walk('add', 'wait', 'resume', 'due'), 'sending'));
it('closed is final', () => {
  const events: ExportEvent[] = ['add', 'due', 'settled', 'emptied', 'wait', 'resume', 'close'];
  for (const event of events) assert.equal(nextState('closed', event), 'closed');
});
