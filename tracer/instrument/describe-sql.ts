/** What a statement is about, as the stable database conventions name it. */
export interface SqlDescription {
  /** `SELECT stock`: operation and first table; the span's name. */
  summary: string;
  operation: string;
  table: string | undefined;
  /** The text with its literals replaced by `?`. */
  text: string;
}

const TEXT_LENGTH_MAX = 4096;
const STATEMENTS_KEPT_MAX = 500;

/** Where the first table of an operation stands: the word after this one. */
const TABLE_AFTER: Readonly<Record<string, string>> = {
  SELECT: 'FROM',
  DELETE: 'FROM',
  INSERT: 'INTO',
  REPLACE: 'INTO',
  UPDATE: 'UPDATE',
  CREATE: 'TABLE',
  DROP: 'TABLE',
  ALTER: 'TABLE',
};

/** Words that may stand between that word and the name: UPDATE OR REPLACE stock, CREATE TABLE IF NOT EXISTS stock. */
const BETWEEN: ReadonlySet<string> = new Set([
  'IF',
  'NOT',
  'EXISTS',
  'OR',
  'ABORT',
  'FAIL',
  'IGNORE',
  'REPLACE',
  'ROLLBACK',
  'ONLY',
]);

/** Comments, quoted texts, quoted names, words, numbers, and any other single character. No part can backtrack. */
const TOKENS =
  /--[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|'(?:[^']|'')*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|[A-Za-z_][\w.$]*|\d[\w.]*|\s+|./g;

/** Remembers what it described: an application has few statements and runs them often. */
export function createSqlDescriber(): (sql: string) => SqlDescription {
  const known = new Map<string, SqlDescription>();
  return (sql) => {
    let description = known.get(sql);
    if (description === undefined) {
      description = describeSql(sql);
      if (known.size < STATEMENTS_KEPT_MAX) known.set(sql, description);
    }
    return description;
  };
}

export function describeSql(sql: string): SqlDescription {
  const tokens = sql.slice(0, TEXT_LENGTH_MAX).match(TOKENS) ?? [];
  const words = tokens.filter((token) => /^[A-Za-z_"`[]/.test(token));
  const operation = operationOf(words);
  const table = tableOf(operation, words);
  const text = tokens.map(withoutLiteral).join('').replace(/\s+/g, ' ').trim();
  return { operation, table, text, summary: table === undefined ? operation : `${operation} ${table}` };
}

/** WITH … SELECT is a SELECT: the first word that is an operation, else the first word. */
function operationOf(words: readonly string[]): string {
  const upper = words.map((word) => word.toUpperCase());
  const first = upper[0] ?? '';
  return (first === 'WITH' ? upper.find((word) => Object.hasOwn(TABLE_AFTER, word)) : first) ?? first;
}

function tableOf(operation: string, words: readonly string[]): string | undefined {
  const marker = Object.hasOwn(TABLE_AFTER, operation) ? TABLE_AFTER[operation] : undefined;
  if (marker === undefined) return undefined;
  const at = words.findIndex((word) => word.toUpperCase() === marker);
  const name = at < 0 ? undefined : words.slice(at + 1).find((word) => !BETWEEN.has(word.toUpperCase()));
  return name?.replace(/^["`[]|["`\]]$/g, '');
}

function withoutLiteral(token: string): string {
  const first = token.charAt(0);
  if (first === "'" || (first >= '0' && first <= '9')) return '?';
  return token.startsWith('--') || token.startsWith('/*') ? ' ' : token;
}
