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

/**
 * Comments, quoted texts, quoted names, numbered parameters, words, numbers, and any other single character. What is not
 * closed (the text was cut, or is no SQL) reaches to the end: half a literal is a secret too. No part can backtrack.
 */
const TOKENS =
  /--[^\n]*|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\/\*[^]*$|'(?:[^']|'')*(?:'|$)|"[^"]*"|`[^`]*`|\[[^\]]*\]|\?\d*|[A-Za-z_][\w.$]*|\d[\w.]*|\s+|./g;

export function describeSql(sql: string): SqlDescription {
  const tokens = sql.slice(0, TEXT_LENGTH_MAX).match(TOKENS) ?? [];
  const words = wordsOf(tokens);
  const operation = operationOf(words);
  const table = operation === undefined ? undefined : tableOf(words.slice(words.indexOf(operation)));
  const text = tokens.map(withoutLiteral).join('').replace(/\s+/g, ' ').trim();
  const name = operation?.text ?? '';
  return { operation: name, table, text, summary: table === undefined ? name : `${name} ${table}` };
}

interface Word {
  /** Keywords are compared in upper case; `raw` keeps the writing and the quotes of names. */
  text: string;
  raw: string;
  /** In how many parentheses it stands. */
  depth: number;
}

function wordsOf(tokens: readonly string[]): Word[] {
  const words: Word[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token === '(') depth++;
    else if (token === ')') depth--;
    else if (/^[A-Za-z_"`[]/.test(token)) words.push({ text: token.toUpperCase(), raw: token, depth });
  }
  return words;
}

/** WITH … SELECT is a SELECT: the first operation outside the parentheses, else the first word. */
function operationOf(words: readonly Word[]): Word | undefined {
  const [first] = words;
  if (first?.text !== 'WITH') return first;
  return words.find((word) => word.depth === first.depth && Object.hasOwn(TABLE_AFTER, word.text)) ?? first;
}

/** The first table of the operation that the words begin with; of a subquery in its place the subquery's. */
function tableOf(words: readonly Word[]): string | undefined {
  const [operation] = words;
  const marker =
    operation !== undefined && Object.hasOwn(TABLE_AFTER, operation.text) ? TABLE_AFTER[operation.text] : undefined;
  if (marker === undefined) return undefined;
  const at = words.findIndex((word) => word.text === marker && word.depth === operation?.depth);
  const rest = at < 0 ? [] : words.slice(at + 1).filter((word) => !BETWEEN.has(word.text));
  if (rest[0]?.text === 'SELECT') return tableOf(rest);
  return rest[0]?.raw.replace(/^["`[]|["`\]]$/g, '');
}

function withoutLiteral(token: string): string {
  const first = token.charAt(0);
  if (first === "'" || (first >= '0' && first <= '9')) return '?';
  return token.startsWith('--') || token.startsWith('/*') ? ' ' : token;
}
