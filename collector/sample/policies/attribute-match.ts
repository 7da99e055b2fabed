import type { AnyValue } from '@tracelab/protocol';
import { RE2JS } from 're2js';
import type { StringAttributeRule } from '../../config/policy-config.ts';
import { scopeAt, spanBytesAt } from '../../receive/span-batch.ts';
import type { PooledResource } from '../buffer/envelope-pool.ts';
import { AttributeReader } from '../read-attributes.ts';
import type { TraceView } from '../buffer/trace-view.ts';
import { sampledIf, type PolicyContext, type VoteOn } from './policy.ts';

/** Asked of the values that are there: an attribute that is absent matches nothing. */
export interface Matches {
  resource: (value: AnyValue) => boolean;
  span: (value: AnyValue) => boolean;
}

/** What every attribute policy is: a match anywhere, or with `invert_match` nowhere. Observed is the last value that was read. */
export function createAttributePolicy(
  rule: { key: string; invertMatch: boolean },
  ofValues: Matches,
  { observe }: PolicyContext,
): VoteOn {
  const reader = new AttributeReader(rule.key);
  const observing =
    (isMatch: (value: AnyValue) => boolean) =>
    (value: AnyValue): boolean => {
      if (isObservable(value)) observe(value);
      return isMatch(value);
    };
  const matches = { resource: observing(ofValues.resource), span: observing(ofValues.span) };
  return (trace) =>
    sampledIf((hasResource(trace, reader, matches) || hasMatchingSpan(trace, reader, matches)) !== rule.invertMatch);
}

function isObservable(value: AnyValue): value is Exclude<AnyValue, object | null> {
  return typeof value !== 'object';
}

/** Pooled resources with equal bytes are the same object: each is read once. */
function hasResource(trace: TraceView, reader: AttributeReader, { resource: isMatch }: Matches): boolean {
  const seen = new Set<PooledResource>();
  return trace.hasSpan((batch, row) => {
    const { resource } = scopeAt(batch, row);
    if (seen.has(resource)) return false;
    seen.add(resource);
    return isThereAnd(isMatch, reader.ofResource(resource));
  });
}

function hasMatchingSpan(trace: TraceView, reader: AttributeReader, { span: isMatch }: Matches): boolean {
  return trace.hasSpan((batch, row) => isThereAnd(isMatch, reader.ofSpan(spanBytesAt(batch, row))));
}

function isThereAnd(isMatch: (value: AnyValue) => boolean, value: AnyValue | undefined): boolean {
  return value !== undefined && isMatch(value);
}

/** Whether a text is one that the rule names, or matches one of its expressions. */
export function createTextMatch(rule: StringAttributeRule): (text: string) => boolean {
  return rule.isRegex ? createRegexMatch(rule) : createExactMatch(rule.values);
}

function createExactMatch(values: readonly string[]): (text: string) => boolean {
  const wanted = new Set(values);
  return (text) => wanted.has(text);
}

/** So that the texts that are remembered have a bound in bytes too. */
const REMEMBERED_LENGTH_MAX = 1024;

/** Remembers what it found for the texts that were asked for last. */
function createRegexMatch({ values, cacheSizeMax }: StringAttributeRule): (text: string) => boolean {
  const expressions = values.map((value) => RE2JS.compile(value));
  const find = (text: string): boolean => expressions.some((expression) => expression.matcher(text).find());
  const remembered = new Map<string, boolean>();
  return (text) => {
    if (text.length > REMEMBERED_LENGTH_MAX) return find(text);
    const known = remembered.get(text);
    const isMatch = known ?? find(text);
    if (known !== undefined) remembered.delete(text);
    remembered.set(text, isMatch);
    const oldest = remembered.size > cacheSizeMax ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    return isMatch;
  };
}
