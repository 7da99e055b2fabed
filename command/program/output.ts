/** Where a program speaks: progress to stderr, its result to stdout, as exactly one JSON document where `--json` asks for it. */
export interface Output {
  readonly isJson: boolean;
  /** Colours and bars only on a terminal. */
  readonly isTerminal: boolean;
  progress: (text: string) => void;
  /** Called once by a program that ends; `text` is the same result for people. */
  result: (json: unknown, text: string) => void;
}

interface Sink {
  write: (text: string) => unknown;
  isTTY?: boolean;
}

export function createOutput(isJson: boolean, streams: { stdout: Sink; stderr: Sink }): Output {
  return {
    isJson,
    isTerminal: streams.stdout.isTTY === true && !isJson,
    progress: (text) => {
      streams.stderr.write(withNewline(text));
    },
    result: (json, text) => {
      streams.stdout.write(withNewline(isJson ? JSON.stringify(json, undefined, 2) : text));
    },
  };
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
