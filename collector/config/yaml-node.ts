import { configError } from './config-error.ts';

/** A place in the configuration: its value and its path, for messages. */
export interface ConfigNode {
  path: string;
  value: unknown;
}

/** The children of a mapping. Every key must be in `supported`. */
export function readMapping(node: ConfigNode, supported: readonly string[]): Readonly<Record<string, ConfigNode>> {
  const { value, path } = node;
  // YAML's `key:` without anything is an empty mapping in the Collector.
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw configError(path, `should be a mapping: was ${describe(value)}`);
  const children: Record<string, ConfigNode> = {};
  for (const [key, child] of Object.entries(value)) {
    const childPath = path === '' ? key : `${path}.${key}`;
    if (!supported.includes(key)) {
      throw configError(childPath, `is misspelt or not built yet: remove it; supported here: ${supported.join(', ')}`);
    }
    children[key] = { path: childPath, value: child as unknown };
  }
  return children;
}

export function required(node: ConfigNode | undefined, path: string): ConfigNode {
  if (node === undefined) throw configError(path, 'is missing: see collector/collector.yaml for a complete example');
  return node;
}

export function readList(node: ConfigNode): ConfigNode[] {
  const { value, path } = node;
  if (!Array.isArray(value)) throw configError(path, `should be a list: was ${describe(value)}`);
  return value.map((item: unknown, index) => ({ path: `${path}[${index}]`, value: item }));
}

export function readNonEmptyList(node: ConfigNode): ConfigNode[] {
  const items = readList(node);
  if (items.length === 0) throw configError(node.path, 'should have at least one entry: was empty');
  return items;
}

/** The place of one key, whether it is there or not: whoever reads it says that it is missing. */
export function childOf(node: ConfigNode, key: string): ConfigNode {
  const isMapping = typeof node.value === 'object' && node.value !== null && key in node.value;
  return { path: `${node.path}.${key}`, value: isMapping ? (node.value as Record<string, unknown>)[key] : undefined };
}

export function readText(node: ConfigNode): string {
  if (typeof node.value !== 'string' || node.value === '')
    throw configError(node.path, `should be text: was ${describe(node.value)}`);
  return node.value;
}

export function readWholeNumber(node: ConfigNode, min: number, max: number): number {
  const { value, path } = node;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw configError(path, `should be a whole number from ${min} to ${max}: was ${describe(value)}`);
}

export function readNumber(node: ConfigNode, min: number, max: number): number {
  const { value, path } = node;
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw configError(path, `should be a number from ${min} to ${max}: was ${describe(value)}`);
}

export function readBoolean(node: ConfigNode): boolean {
  if (typeof node.value !== 'boolean')
    throw configError(node.path, `should be true or false: was ${describe(node.value)}`);
  return node.value;
}

export function readChoice<Choice extends string>(node: ConfigNode, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === node.value);
  if (choice !== undefined) return choice;
  throw configError(node.path, `should be one of ${choices.join(', ')}: was ${describe(node.value)}`);
}

/** Keys of upstream's that mean nothing here. */
export function refuseKeys(
  keys: Readonly<Record<string, ConfigNode>>,
  refused: readonly string[],
  problem: string,
): void {
  for (const key of refused) {
    const node = keys[key];
    if (node !== undefined) throw configError(node.path, problem);
  }
}

export function describe(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
