import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { describeSql } from './describe-sql.ts';

it('a statement is summed up by its operation and first table', () => {
  const summaries: Record<string, string> = {
    'SELECT quantity FROM stock WHERE sku = ?': 'SELECT stock',
    '  -- why\n select * from "order lines" o join stock': 'select order lines',
    'INSERT OR IGNORE INTO main.stock VALUES (?, ?)': 'INSERT main.stock',
    'UPDATE OR REPLACE stock SET n = n - ?': 'UPDATE stock',
    'DELETE FROM `stock`': 'DELETE stock',
    'CREATE TABLE IF NOT EXISTS stock (sku TEXT)': 'CREATE stock',
    'WITH old AS (SELECT 1 FROM archive) DELETE FROM stock': 'DELETE stock',
    'SELECT (SELECT max(n) FROM archive) FROM stock': 'SELECT stock',
    'SELECT a FROM (SELECT value FROM wanted) JOIN stock USING (sku)': 'SELECT wanted',
    'BEGIN IMMEDIATE': 'BEGIN',
    'PRAGMA journal_mode = WAL': 'PRAGMA',
    'SELECT 1': 'SELECT',
    '': '',
  };
  for (const [sql, summary] of Object.entries(summaries)) {
    assert.equal(describeSql(sql).summary.toUpperCase(), summary.toUpperCase(), sql);
  }
});

it('literals and comments leave the text, names and parameters stay', () => {
  const { text } = describeSql(
    "SELECT \"name\", x2 FROM stock /* secret */ WHERE sku = 'it''s' AND n > 3.5 AND m = :m",
  );
  assert.equal(text, 'SELECT "name", x2 FROM stock WHERE sku = ? AND n > ? AND m = :m');
});

it('a literal or a comment that is not closed, or was cut, leaves the text as well', () => {
  assert.equal(describeSql("SELECT 1 FROM t WHERE a = 'it''s sec").text, 'SELECT ? FROM t WHERE a = ?');
  assert.equal(describeSql('SELECT a FROM t /* secret * ').text, 'SELECT a FROM t');
  const { text } = describeSql(`INSERT INTO t VALUES (${"'x', ".repeat(600)}'${'secret'.repeat(1000)}')`);
  assert.doesNotMatch(text, /secret/);
});

it('a parameter keeps its number or name', () => {
  assert.equal(describeSql('SELECT ?1, ?, :a, @b, $c FROM t').text, 'SELECT ?1, ?, :a, @b, $c FROM t');
});

it('any text is described without an exception, and no quoted literal survives', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (sql) => {
      describeSql(sql);
      assert.doesNotMatch(describeSql(`SELECT 'secret' FROM t ${sql.replace(/[^a-z ]/g, '')}`).text, /secret/);
    }),
  );
});
