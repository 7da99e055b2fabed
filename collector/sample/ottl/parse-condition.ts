import { RE2JS } from 're2js';
import { parseGoDuration } from '../../config/go-duration.ts';
import { ENUMS, pathOf, type ContextName, type Getter, type Subject } from './paths.ts';
import { OttlError, tokenize, type Token } from './tokens.ts';
import { add, COMPARISONS, compare, Duration, type Comparison, type OttlValue } from './value.ts';

/** Throws an EvaluationError where upstream's would report one. */
export type Condition = (subject: Subject) => boolean;

/** Two values that cannot be added. Whether that is an error or a "no" is `error_mode`'s to say. */
export class EvaluationError extends Error {
  override name = 'EvaluationError';
}

/**
 * A condition of OTTL (contrib pkg/ottl): comparisons of attributes, name, kind, status and times with and, or, not, + and -, IsMatch
 * and Duration. Throws an OttlError with the column of what is wrong or not built yet.
 */
export function parseCondition(text: string, context: ContextName): Condition {
  const parser = new ConditionParser(tokenize(text), context);
  return parser.run();
}

class ConditionParser {
  readonly #tokens: readonly Token[];
  readonly #context: ContextName;
  #at = 0;

  constructor(tokens: readonly Token[], context: ContextName) {
    this.#tokens = tokens;
    this.#context = context;
  }

  run(): Condition {
    const condition = this.#or();
    if (this.#next.kind !== 'end') throw this.#unexpected('the end, "and" or "or"');
    return condition;
  }

  #or(): Condition {
    const terms = [this.#and()];
    while (this.#takeWord('or')) terms.push(this.#and());
    return terms.length === 1 ? (terms[0] as Condition) : (subject) => terms.some((term) => term(subject));
  }

  #and(): Condition {
    const terms = [this.#not()];
    while (this.#takeWord('and')) terms.push(this.#not());
    return terms.length === 1 ? (terms[0] as Condition) : (subject) => terms.every((term) => term(subject));
  }

  #not(): Condition {
    if (!this.#takeWord('not')) return this.#comparisonOrGroup();
    const condition = this.#comparisonOrGroup();
    return (subject) => !condition(subject);
  }

  /** A bracket may begin a group of conditions or a sum: as a sum first, and where that fails as a group. What reads further is right. */
  #comparisonOrGroup(): Condition {
    const start = this.#at;
    if (this.#next.text !== '(') return this.#comparison();
    try {
      return this.#comparison();
    } catch (error) {
      if (!(error instanceof OttlError)) throw error;
      this.#at = start;
      return this.#group(error);
    }
  }

  #group(asComparison: OttlError): Condition {
    try {
      this.#expect('(');
      const condition = this.#or();
      this.#expect(')');
      return condition;
    } catch (error) {
      if (error instanceof OttlError && error.column < asComparison.column) throw asComparison;
      throw error;
    }
  }

  #comparison(): Condition {
    const { column } = this.#next;
    const left = this.#sum();
    const operator = COMPARISONS.find((candidate) => candidate === this.#next.text);
    if (operator === undefined) return this.#asCondition(left, column);
    this.#at++;
    const right = this.#sum();
    return comparisonOf(left, operator, right);
  }

  /** true, false and IsMatch stand alone; a path does not, whatever its value is. */
  #asCondition(value: Operand, column: number): Condition {
    if (!value.isBoolean)
      throw column === this.#next.column
        ? this.#unexpected('a value')
        : this.#unexpected(`one of ${COMPARISONS.join(' ')}`);
    return (subject) => value.get(subject) === true;
  }

  #sum(): Operand {
    let left = this.#operand();
    for (let sign = this.#takeSign(); sign !== undefined; sign = this.#takeSign())
      left = sumOf(left, sign, this.#operand());
    return left;
  }

  #operand(): Operand {
    const sign = this.#takeSign();
    const operand = this.#unsigned();
    return sign === -1 ? sumOf({ get: () => 0n }, -1, operand) : operand;
  }

  #unsigned(): Operand {
    const token = this.#next;
    if (token.text === '(') {
      this.#at++;
      const sum = this.#sum();
      this.#expect(')');
      return sum;
    }
    if (token.kind === 'word') return this.#word();
    const value = literalOf(token);
    if (value === undefined) throw this.#unexpected('a value');
    this.#at++;
    return { get: () => value };
  }

  #word(): Operand {
    const token = this.#take();
    if (token.text === 'nil') return { get: () => null };
    if (token.text === 'true' || token.text === 'false') return { get: () => token.text === 'true', isBoolean: true };
    if (token.text === 'IsMatch') return this.#isMatch();
    if (token.text === 'Duration') return this.#duration();
    const number = ENUMS[token.text];
    if (number !== undefined) return { get: () => number };
    if (/^[A-Z]/.test(token.text))
      throw new OttlError(
        token.column,
        `${token.text} is not built yet: supported are IsMatch, Duration, ${Object.keys(ENUMS).join(', ')}`,
      );
    return this.#path(token);
  }

  #isMatch(): Operand {
    this.#expect('(');
    const target = this.#sum();
    this.#expect(',');
    const { column } = this.#next;
    const expression = compileRegex(this.#text(), column);
    this.#expect(')');
    return { get: (subject) => isMatch(target.get(subject), expression), isBoolean: true };
  }

  #duration(): Operand {
    this.#expect('(');
    const { column } = this.#next;
    const ms = parseGoDuration(this.#text());
    if (ms === undefined) throw new OttlError(column, 'a duration such as "500ms" should be here');
    this.#expect(')');
    const duration = new Duration(BigInt(Math.round(ms * 1e6)));
    return { get: () => duration };
  }

  /** `a.b.c["key"]`: the words, and the key where there is one. */
  #path(first: Token): Operand {
    const fields = [first.text];
    while (this.#takePunctuation('.')) {
      if (this.#next.kind !== 'word') throw this.#unexpected('a field');
      fields.push(this.#take().text);
    }
    let key: string | undefined;
    if (this.#takePunctuation('[')) {
      key = this.#text();
      this.#expect(']');
    }
    if (this.#next.text === '[') throw new OttlError(this.#next.column, 'a second key is not built yet');
    return { get: pathOf({ fields, key, column: first.column }, this.#context) };
  }

  #text(): string {
    if (this.#next.kind !== 'string') throw this.#unexpected('a text in double quotes');
    return unquote(this.#take());
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #take(): Token {
    const token = this.#next;
    this.#at++;
    return token;
  }

  #takeWord(word: string): boolean {
    const isThere = this.#next.kind === 'word' && this.#next.text === word;
    if (isThere) this.#at++;
    return isThere;
  }

  #takePunctuation(text: string): boolean {
    const isThere = this.#next.kind === 'punctuation' && this.#next.text === text;
    if (isThere) this.#at++;
    return isThere;
  }

  #takeSign(): 1 | -1 | undefined {
    if (this.#takePunctuation('+')) return 1;
    return this.#takePunctuation('-') ? -1 : undefined;
  }

  #expect(text: string): void {
    if (!this.#takePunctuation(text)) throw this.#unexpected(`"${text}"`);
  }

  #unexpected(expected: string): OttlError {
    const { kind, text, column } = this.#next;
    return new OttlError(
      column,
      `${expected} should be here: was ${kind === 'end' ? 'the end' : JSON.stringify(text)}`,
    );
  }
}

interface Operand {
  get: Getter;
  /** Whether it may stand where a condition stands. */
  isBoolean?: boolean;
}

function comparisonOf(left: Operand, operator: Comparison, right: Operand): Condition {
  return (subject) => compare(left.get(subject), operator, right.get(subject));
}

function sumOf(left: Operand, sign: 1 | -1, right: Operand): Operand {
  return {
    get: (subject) => {
      const sum = add(left.get(subject), sign, right.get(subject));
      if (sum === undefined) throw new EvaluationError('two values cannot be added or subtracted');
      return sum;
    },
  };
}

function literalOf(token: Token): OttlValue | undefined {
  if (token.kind === 'int') return BigInt(token.text);
  if (token.kind === 'float') return Number(token.text);
  return token.kind === 'string' ? unquote(token) : undefined;
}

function unquote({ text, column }: Token): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new OttlError(column, `${text} has an escape that is not understood: a backslash is written twice`);
  }
}

function compileRegex(text: string, column: number): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    throw new OttlError(column, `${JSON.stringify(text)} should be a regular expression of RE2: ${String(error)}`);
  }
}

/** What is no text is matched as it is written (contrib, StringLikeGetter); nil matches nothing. */
function isMatch(value: OttlValue, expression: RE2JS): boolean {
  if (typeof value === 'string') return expression.matcher(value).find();
  const isWritten = typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';
  return isWritten && expression.matcher(String(value)).find();
}
