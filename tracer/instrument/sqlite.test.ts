import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { SpanKind, trace } from '@opentelemetry/api';
import { named } from '../test-kit/received-span.ts';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';

describe('SQL of node:sqlite', () => {
  let tracing: Tracing;
  let database: DatabaseSync;
  before(async () => {
    tracing = await startTracing();
    database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE stock (sku TEXT PRIMARY KEY, quantity INTEGER)');
  });
  after(async () => {
    database.close();
    await tracing.close();
  });
  const inSpan = async (run: () => void) => {
    trace.getTracer('test').startActiveSpan('request', (span) => {
      run();
      span.end();
    });
    return tracing.spans();
  };

  it('makes no spans outside of a span', async () => {
    database.prepare('INSERT INTO stock VALUES (?, ?)').run('start', 1);
    assert.deepEqual(await tracing.spans(), []);
  });

  it('makes a client span for run, get, all and exec, with the statement but not its values', async () => {
    const spans = await inSpan(() => {
      database.prepare('INSERT INTO stock VALUES (?, ?)').run('sku-1', 10);
      assert.equal(database.prepare('SELECT quantity FROM stock WHERE sku = ?').get('sku-1')?.['quantity'], 10);
      assert.equal(database.prepare('SELECT * FROM stock AS everything').all().length, 2);
      database.exec("DELETE FROM stock WHERE sku = 'sku-1'");
    });
    const request = named(spans, 'request');
    const insert = named(spans, 'INSERT stock');
    assert.equal(insert.kind, SpanKind.CLIENT + 1);
    assert.equal(insert.parentSpanId, request.spanId);
    assert.deepEqual(insert.attributes, {
      'db.system.name': 'sqlite',
      'db.query.text': 'INSERT INTO stock VALUES (?, ?)',
      'db.operation.name': 'INSERT',
      'db.query.summary': 'INSERT stock',
      'db.collection.name': 'stock',
    });
    assert.equal(named(spans, 'DELETE stock').attributes['db.query.text'], 'DELETE FROM stock WHERE sku = ?');
    assert.equal(spans.filter((span) => span.name === 'SELECT stock').length, 2);
  });

  it('notes the error and throws it on', async () => {
    const spans = await inSpan(() => {
      const insert = database.prepare('INSERT INTO stock VALUES (?, ?)');
      assert.throws(() => insert.run('start', 2), /UNIQUE/);
      assert.throws(() => database.exec('DELETE FROM missing'), /no such table/);
    });
    const failed = named(spans, 'INSERT stock');
    assert.equal(failed.status.code, 2);
    assert.match(failed.status.message, /UNIQUE/);
    assert.equal(failed.attributes['error.type'], 'ERR_SQLITE_ERROR');
    assert.equal(named(spans, 'DELETE missing').status.code, 2);
  });

  it('covers an iteration until its reader stops', async () => {
    const spans = await inSpan(() => {
      for (const row of database.prepare('SELECT 1 AS n FROM stock UNION ALL SELECT 2').iterate()) {
        assert.equal(row['n'], 1);
        break;
      }
      database.prepare('SELECT 3 FROM stock AS never').iterate();
    });
    assert.equal(spans.length, 2, 'an iteration that nobody read makes no span');
    assert.equal(named(spans, 'SELECT stock').status.code, 0);
  });

  it('covers statements written as tagged templates, where Node has them', async (test) => {
    if (!('createTagStore' in database)) return test.skip('Node 24.9 and later');
    const spans = await inSpan(() => {
      const sql = database.createTagStore();
      assert.equal(sql.run`INSERT INTO stock VALUES (${'tagged'}, ${3})`.changes, 1);
      assert.equal(sql.get`SELECT quantity FROM stock WHERE sku = ${'tagged'}`?.['quantity'], 3);
      assert.equal([...sql.iterate`SELECT sku FROM stock WHERE quantity = ${3}`].length, 1);
      assert.equal(sql.all`DELETE FROM stock WHERE sku = ${'tagged'}`.length, 0);
    });
    assert.equal(named(spans, 'INSERT stock').attributes['db.query.text'], 'INSERT INTO stock VALUES (?, ?)');
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['INSERT stock', 'SELECT stock', 'SELECT stock', 'DELETE stock', 'request'],
    );
  });

  it('works as before once the tracer is gone', async () => {
    const other = new DatabaseSync(':memory:');
    assert.equal(other.prepare('SELECT 1 AS one').get()?.['one'], 1);
    other.close();
  });
});
