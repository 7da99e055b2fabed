/** What a caller in plain JavaScript passes, where TypeScript would have refused it. */
export function careless(value: unknown): never {
  return value as never;
}

const bomb = (): never => {
  throw new Error('read');
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();

/** Values that are no legal argument of anything, or only of little. */
export const ODD_VALUES: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  -0,
  Infinity,
  Number.MAX_VALUE,
  -1,
  10n ** 40n,
  Symbol('symbol'),
  '',
  '\ud800',
  'x'.repeat(10_000),
  () => 1,
  class Anything {
    readonly a = 1;
  },
  {},
  Object.create(null),
  { a: { b: {} } },
  [],
  [[]],
  [1, 'a', null],
  Object.assign([], { 2: 1 }),
  Object.freeze(['frozen']),
  Array.from({ length: 1000 }, () => Symbol('element')),
  new Date(Number.NaN),
  new Map([['a', 1]]),
  new Uint8Array(3),
  new Error('odd', { cause: 'cause' }),
  Object.defineProperty({}, 'getter', { enumerable: true, get: bomb }),
  { toString: bomb, valueOf: bomb, toJSON: bomb, [Symbol.toPrimitive]: bomb, [Symbol.iterator]: bomb, length: 1 },
  new Proxy({}, { get: bomb, has: bomb, ownKeys: bomb, getOwnPropertyDescriptor: bomb, getPrototypeOf: bomb }),
  new Proxy([], { get: bomb }),
  revoked.proxy,
];

type Three = readonly [unknown, unknown, unknown];

/** Every odd value in every place, alone and among two others. */
export const ODD_ARGUMENTS: readonly Three[] = [0, 7, 13].flatMap((step) =>
  ODD_VALUES.map((odd, index) => [odd, oddAfter(index + step), oddAfter(index + 2 * step)] as const),
);

function oddAfter(index: number): unknown {
  return ODD_VALUES[index % ODD_VALUES.length];
}
