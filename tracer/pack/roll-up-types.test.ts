import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rollUpTypes } from './roll-up-types.ts';

const rollUp = (files: Readonly<Record<string, string>>): string =>
  rollUpTypes('index', {
    read: (path) => files[path] ?? '',
    resolve: (specifier) => (specifier in files ? specifier : undefined),
  });

describe('rollUpTypes', () => {
  it('keeps what the exports reach, each once with its comment, and nothing else', () => {
    const text = rollUp({
      index: "export { start } from 'start';\nexport type { Handle } from 'start';\n",
      start: `import type { Size } from './size';
/** What start gives. */
export interface Handle { size: Size; rest: import("./size").Rest<string>; }
export declare function start(): Handle;
export declare function start(size: Size): Handle;
export declare function unused(): import("./size").Unused;
`,
      './size': 'type Unit = number;\nexport type Size = Unit;\nexport type Rest<T> = T[];\nexport type Unused = 1;\n',
    });
    assert.equal(
      text,
      `type Unit = number;
type Size = Unit;
type Rest<T> = T[];
/** What start gives. */
interface Handle { size: Size; rest: Rest<string>; }
declare function start(): Handle;
declare function start(size: Size): Handle;
export { start, Handle };
`,
    );
  });

  it('leaves outside packages to be imported', () => {
    const text = rollUp({
      index: "import type { Span } from '@opentelemetry/api';\nexport declare function one(span: Span): void;\n",
    });
    assert.match(text, /^import type \{ Span \} from '@opentelemetry\/api';\n/);
  });

  it('refuses two declarations of one name, naming both places', () => {
    const index = "import type { A } from 'a';\nimport type { B } from 'b';\nexport declare const x: A | B;\n";
    const files = { index, a: 'type T = 1; export type A = T;', b: 'type T = 2; export type B = T;' };
    assert.throws(() => rollUp(files), /share the name T: rename that of a or that of b/);
  });

  it('refuses what it cannot carry, showing it', () => {
    const unsupported = [
      "import * as api from '@opentelemetry/api';",
      "import { a as b } from 'a';",
      "export { a as b } from 'a';",
      "export * from 'a';",
      'export default 1;',
    ];
    for (const index of unsupported)
      assert.throws(
        () => rollUp({ index }),
        (error: Error) => error.message.endsWith(`plain names: was ${index}`),
      );
    assert.throws(() => rollUp({ index: "export { a } from 'b';", b: '' }), /b exports no a/);
  });
});
