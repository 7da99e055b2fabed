/** A condition that is wrong or that is not built yet; the message has the column, counted from 1. */
export class OttlError extends Error {
  override name = 'OttlError';
  readonly column: number;

  constructor(column: number, problem: string) {
    super(`column ${column}: ${problem}`);
    this.column = column;
  }
}

export interface Token {
  kind: 'float' | 'int' | 'string' | 'word' | 'operator' | 'punctuation' | 'end';
  text: string;
  column: number;
}

/** OTTL's lexical rules (contrib pkg/ottl/grammar.go), as far as conditions use them. */
const RULES: readonly [Token['kind'] | 'space', RegExp][] = [
  ['space', /\s+/y],
  ['float', /(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?/y],
  ['int', /\d+/y],
  ['string', /"(?:\\.|[^\\"])*"/y],
  ['operator', /==|!=|>=|<=|>|</y],
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['punctuation', /[-+()[\],.]/y],
];

/** The tokens of a condition, with one of kind `end` behind them. Throws an OttlError where there is none. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const found = matchAt(text, at);
    if (found === undefined) throw new OttlError(at + 1, `${JSON.stringify(text[at])} is not understood`);
    if (found.kind !== 'space') tokens.push({ kind: found.kind, text: found.text, column: at + 1 });
    at += found.text.length;
  }
  tokens.push({ kind: 'end', text: '', column: text.length + 1 });
  return tokens;
}

function matchAt(text: string, at: number): { kind: Token['kind'] | 'space'; text: string } | undefined {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = at;
    const match = rule.exec(text);
    if (match !== null) return { kind, text: match[0] };
  }
  return undefined;
}
