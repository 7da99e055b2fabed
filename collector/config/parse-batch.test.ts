import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { parse } from 'yaml';
import { parseBatch } from './parse-batch.ts';

const read = (keys: string): unknown => parseBatch({ path: 'processors.batch', value: parse(keys) });

function assertRefused(keys: string, problem: string): void {
  assert.throws(
    () => read(keys),
    (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.message, `the configuration's processors.batch.${problem}`);
      return true;
    },
  );
}

describe('parseBatch', () => {
  it('gives absent keys their upstream defaults', () => {
    assert.deepEqual(read(''), { timeoutMs: 200, spansMin: 8192, spansMax: 0 });
    assert.deepEqual(read('{ timeout: 1s, send_batch_size: 10, send_batch_max_size: 10 }'), {
      timeoutMs: 1000,
      spansMin: 10,
      spansMax: 10,
    });
  });

  it('refuses what upstream refuses, and keys that have no meaning here', () => {
    assertRefused(
      '{ send_batch_max_size: 100 }',
      'send_batch_max_size should be 0 or at least send_batch_size, 8192: was 100',
    );
    assertRefused('{ send_batch_size: -1 }', 'send_batch_size should be a whole number from 0 to 4294967295: was -1');
    assertRefused('{ timeout: -1s }', 'timeout should be a duration such as 10s or 500ms: was "-1s"');
    for (const key of ['metadata_keys: [tenant]', 'metadata_cardinality_limit: 5'])
      assertRefused(
        `{ ${key} }`,
        `${key.split(':', 1)[0]} is not possible here: what senders say beside their spans does not reach the store; remove it`,
      );
  });
});
