import type { HttpAnswer } from './otlp-answer.ts';

/** reading: more must come. complete: `answer` is whole. The others: it never will be. */
export type ParseState = 'reading' | 'complete' | 'too large' | 'malformed';

type Framing = 'head' | 'length' | 'chunk size' | 'chunk' | 'chunk end' | 'trailers' | 'until close' | 'over';

/** Node's own bound. */
const HEAD_BYTES_MAX = 16 * 1024;
const LINE_LENGTH_MAX = 1024;
const LINE_FEED = 10;
const STATUS_LINE = /^HTTP\/1\.([01]) (\d{3})(?: (.*))?$/;
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 304]);

/**
 * Reads one HTTP/1.1 response to a POST (RFC 9112) from bytes cut anywhere: interim 1xx answers are skipped, the body is
 * framed by its length, by chunks or by the end of the connection. It holds no more than the head's bound and the body's,
 * does work in proportion to what comes, and never throws.
 */
export class ResponseParser {
  readonly answer: HttpAnswer = { status: 0, statusText: '', headers: {}, body: new Uint8Array() };
  /** Another request may follow on the connection. */
  keepsConnection = false;
  readonly #bodyBytesMax: number;
  #framing: Framing = 'head';
  #head = '';
  #line = '';
  /** Of the body, or of the chunk. */
  #bytesLeft = 0;
  #bodyBytes = 0;
  readonly #body: Uint8Array[] = [];

  constructor(bodyBytesMax: number) {
    this.#bodyBytesMax = bodyBytesMax;
  }

  feed(bytes: Buffer): ParseState {
    let at = 0;
    while (at < bytes.length) {
      if (this.#framing === 'over') {
        // Nobody asked for more: what comes next would be taken for the next answer.
        this.keepsConnection = false;
        break;
      }
      const taken = this.#take(bytes, at);
      if (typeof taken === 'string') return taken;
      at += taken;
    }
    return this.#framing === 'over' ? this.#complete() : 'reading';
  }

  /** The connection has ended: for some answers that is how they are complete. */
  finish(): ParseState {
    if (this.#framing !== 'until close') return 'malformed';
    return this.#complete();
  }

  /** How many bytes were used, or why there is no going on. */
  #take(bytes: Buffer, at: number): number | 'too large' | 'malformed' {
    switch (this.#framing) {
      case 'head':
        return this.#takeLine(bytes, at, (line) => this.#readHeadLine(line));
      case 'chunk size':
      case 'chunk end':
      case 'trailers':
        return this.#takeLine(bytes, at, (line) => this.#readChunkLine(line));
      default:
        return this.#takeBody(bytes, at);
    }
  }

  #takeLine(bytes: Buffer, at: number, read: (line: string) => boolean): number | 'malformed' {
    const lineFeed = bytes.indexOf(LINE_FEED, at);
    const end = lineFeed < 0 ? bytes.length : lineFeed;
    this.#line += bytes.toString('latin1', at, end);
    if (this.#line.length > (this.#framing === 'head' ? HEAD_BYTES_MAX : LINE_LENGTH_MAX)) return 'malformed';
    if (lineFeed < 0) return end - at;
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    return read(line) ? end + 1 - at : 'malformed';
  }

  #takeBody(bytes: Buffer, at: number): number | 'too large' {
    const left = bytes.length - at;
    const count = this.#framing === 'until close' ? left : Math.min(left, this.#bytesLeft);
    this.#bodyBytes += count;
    if (this.#bodyBytes > this.#bodyBytesMax) return 'too large';
    this.#body.push(bytes.subarray(at, at + count));
    this.#bytesLeft -= count;
    if (this.#bytesLeft === 0 && this.#framing === 'length') this.#framing = 'over';
    if (this.#bytesLeft === 0 && this.#framing === 'chunk') this.#framing = 'chunk end';
    return count;
  }

  #readHeadLine(line: string): boolean {
    if (line !== '') {
      this.#head += `${line}\n`;
      return this.#head.length <= HEAD_BYTES_MAX;
    }
    const [statusLine = '', ...fields] = this.#head.split('\n');
    this.#head = '';
    const status = STATUS_LINE.exec(statusLine);
    if (status === null) return false;
    const [, minor, code, text] = status;
    // 100 Continue, 103 Early Hints: the answer is still to come.
    if (Number(code) < 200) return Number(code) >= 100 && code !== '101';
    this.answer.status = Number(code);
    this.answer.statusText = text ?? '';
    this.answer.headers = readFields(fields);
    return this.#frameBody(minor === '1');
  }

  #frameBody(isKeptByDefault: boolean): boolean {
    const framing = framingOf(this.answer);
    if (framing === undefined) return false;
    this.#framing = framing;
    this.#bytesLeft = framing === 'length' ? Number(this.answer.headers['content-length']) : 0;
    const isClosed = framing === 'until close' || /\bclose\b/i.test(this.answer.headers.connection ?? '');
    this.keepsConnection = isKeptByDefault && !isClosed;
    return true;
  }

  /** RFC 9112, 7.1: a size in hex and its extensions, that many bytes, an empty line; at the end trailers, which say nothing to us. */
  #readChunkLine(line: string): boolean {
    if (this.#framing === 'trailers') {
      if (line === '') this.#framing = 'over';
      return true;
    }
    if (this.#framing === 'chunk end') {
      this.#framing = 'chunk size';
      return line === '';
    }
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) return false;
    this.#bytesLeft = Number.parseInt(size, 16);
    this.#framing = this.#bytesLeft === 0 ? 'trailers' : 'chunk';
    return true;
  }

  #complete(): ParseState {
    const [only] = this.#body;
    this.answer.body = this.#body.length === 1 && only !== undefined ? only : Buffer.concat(this.#body);
    return 'complete';
  }
}

/** RFC 9112, 6.3. Undefined: a length that is none, or two that differ. */
function framingOf({ status, headers }: HttpAnswer): Framing | undefined {
  if (WITHOUT_BODY.has(status)) return 'over';
  const encoding = headers['transfer-encoding']?.toLowerCase();
  if (encoding !== undefined) return encoding.endsWith('chunked') ? 'chunk size' : 'until close';
  const length = headers['content-length'];
  if (length === undefined) return 'until close';
  if (!/^\d{1,15}$/.test(length)) return undefined;
  return Number(length) === 0 ? 'over' : 'length';
}

/** Lower-case names; repeated fields are joined, as a list is. A line that is no field is skipped. */
function readFields(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
    headers[name] = known === undefined ? value : `${known}, ${value}`;
  }
  return headers;
}
