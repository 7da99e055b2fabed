import {
  formatRandomness,
  formatThreshold,
  probabilityFromThreshold,
  THRESHOLD_NEVER,
  type Bits56,
  type Explanation,
  type LateSpans,
  type PolicyVote,
} from '@tracelab/protocol';
import type { Decision, Observed } from '../sample/policies/policy.ts';
import { higherOf, type Threshold } from '../sample/probability/threshold.ts';
import type { DecisionRecord, LateRecord, VoteRecord } from './decision-record.ts';
import type { PolicyDescription } from './describe-policies.ts';
import type { PolicyBook } from './policy-book.ts';
import { readRecord } from './read-decision-record.ts';

/** Where records lie; explain-log.ts is the real one. */
export interface DecisionLog {
  /** Never waits, and copies what it is given. */
  record: (traceId: Uint8Array, payload: Uint8Array) => void;
  /** Since when it knows everything; undefined while nothing was forgotten. */
  readonly windowStartUnixMs: number | undefined;
  /** Oldest first. */
  find: (traceId: Uint8Array) => Promise<Uint8Array[]>;
}

export interface ExplainEffects {
  log: Pick<DecisionLog, 'find' | 'windowStartUnixMs'>;
  book: Pick<PolicyBook, 'find'>;
}

/** Tells why each trace was kept or dropped, from what decision-recorder.ts has written down. */
export class Explain {
  readonly #effects: ExplainEffects;

  constructor(effects: ExplainEffects) {
    this.#effects = effects;
  }

  /** Undefined where there is no record of a decision. One that was decided twice, since its first decision was forgotten, is explained by the last. */
  async explain(traceId: string): Promise<Explanation | undefined> {
    const payloads = await this.#effects.log.find(Buffer.from(traceId, 'hex'));
    const records = payloads.flatMap((payload) => readRecord(payload) ?? []);
    const last = records.findLastIndex((record) => 'ruling' in record);
    const decided = records[last];
    if (decided === undefined || !('ruling' in decided)) return undefined;
    const descriptions = await this.#effects.book.find(decided.configHash);
    return explanationOf(traceId, decided, descriptions ?? [], records.slice(last + 1));
  }

  /** Traces that were decided before may have been forgotten; undefined while none was. */
  get windowStartUnixMs(): number | undefined {
    return this.#effects.log.windowStartUnixMs;
  }
}

function explanationOf(
  traceId: string,
  record: DecisionRecord,
  descriptions: readonly PolicyDescription[],
  later: readonly (DecisionRecord | LateRecord)[],
): Explanation {
  const policies = joinVotes(descriptions, record.votes.values());
  const { decision, isShed = false } = record.ruling;
  const threshold = thresholdOverall(record);
  const { spanCount, errorCount, durationNano, missingParents, root } = record;
  return {
    decision,
    decidedBy: decidingPolicy(policies, decision),
    trigger: record.trigger,
    ...(record.tooLarge === undefined ? {} : { tooLarge: record.tooLarge }),
    decidedAtUnixMs: record.decidedAtUnixMs,
    lagMs: record.lagMs,
    policies,
    completeness: {
      spanCount,
      errorCount,
      durationNano: durationNano.toString(),
      rootService: root?.service ?? '',
      rootName: root?.name ?? '',
      rootSeen: root !== undefined,
      missingParents,
    },
    randomness:
      record.explicitRandomness === undefined ? traceId.slice(-14) : formatRandomness(record.explicitRandomness),
    ...(threshold === undefined ? {} : { probability: probabilityFromThreshold(threshold) }),
    ...thresholdText(threshold),
    isShed,
    configHash: record.configHash,
    late: lateSpansOf(later),
  };
}

/** Of the samplers before us and of ours together: who both ask the same randomness asks for the higher threshold. */
function thresholdOverall({ ruling, arrivalThreshold }: DecisionRecord): Threshold {
  if (ruling.threshold === undefined || arrivalThreshold === undefined) return undefined;
  return higherOf(ruling.threshold, arrivalThreshold);
}

const NOT_ASKED: VoteRecord = { vote: 'notAsked', threshold: undefined, observed: undefined };

/** A threshold that nothing reaches has no text. */
function thresholdText(threshold: Bits56 | undefined): { threshold?: string } {
  const isText = threshold !== undefined && threshold.high !== THRESHOLD_NEVER.high;
  return isText ? { threshold: formatThreshold(threshold) } : {};
}

/** The lines of the ballot in the tree of the policies: both are in the same order. */
function joinVotes(descriptions: readonly PolicyDescription[], lines: Iterator<VoteRecord>): PolicyVote[] {
  return descriptions.map(({ name, type, limit, unit, policies }) => {
    const line = lines.next();
    const { vote, threshold, observed } = line.done === true ? NOT_ASKED : line.value;
    return {
      name,
      type,
      limit,
      vote,
      observed: inWords(observed, unit),
      ...thresholdText(threshold),
      policies: joinVotes(policies, lines),
    };
  });
}

function inWords(observed: Observed | undefined, unit: string): string {
  if (observed === undefined) return '';
  const text = typeof observed === 'number' ? String(Math.round(observed * 100) / 100) : String(observed);
  return unit === '' ? text : `${text} ${unit}`;
}

/** Where nobody said sampled and it is kept all the same, somebody could not judge it (`--semantics lab`). */
function decidingPolicy(policies: readonly PolicyVote[], decision: Decision): string {
  if (decision === 'notSampled') return '';
  const nameOf = (wanted: PolicyVote['vote']): string | undefined => policies.find(({ vote }) => vote === wanted)?.name;
  return nameOf(decision) ?? (decision === 'sampled' ? nameOf('error') : undefined) ?? '';
}

function lateSpansOf(records: readonly (DecisionRecord | LateRecord)[]): LateSpans {
  const late = records.filter((record) => 'lateAtUnixMs' in record);
  const lastAtUnixMs = late.at(-1)?.lateAtUnixMs;
  const spanCount = late.reduce((total, { lateSpanCount }) => total + lateSpanCount, 0);
  return { spanCount, ...(lastAtUnixMs === undefined ? {} : { lastAtUnixMs }) };
}
