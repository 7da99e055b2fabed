import type { DecisionTap, Outcome } from '../sample/decision-tap.ts';
import type { Ballot } from '../sample/policies/ballot.ts';
import type { TraceView } from '../sample/buffer/trace-view.ts';
import type { DecisionLog } from './explain.ts';
import { DecisionRecordWriter } from './write-decision-record.ts';

export interface DecisionRecorderEffects {
  log: Pick<DecisionLog, 'record'>;
  /** Of the policies that vote, as the policy book has it. */
  configHash: string;
  ballot: Ballot;
  nowUnixMs: () => number;
}

/** Writes down why each trace was kept or dropped, beside the sampler that decides it. */
export class DecisionRecorder implements DecisionTap {
  readonly #effects: DecisionRecorderEffects;
  readonly #writer: DecisionRecordWriter;
  readonly #traceId = Buffer.alloc(16);

  constructor(effects: DecisionRecorderEffects) {
    this.#effects = effects;
    this.#writer = new DecisionRecordWriter(effects.configHash);
  }

  decided(trace: TraceView, outcome: Outcome): void {
    const { ballot, log, nowUnixMs } = this.#effects;
    log.record(this.#idOf(trace), this.#writer.decided(trace, outcome, { ballot, nowUnixMs: nowUnixMs() }));
  }

  late(part: TraceView): void {
    this.#effects.log.record(this.#idOf(part), this.#writer.late(part, this.#effects.nowUnixMs()));
  }

  #idOf({ idA, idB, idC, idD }: TraceView): Buffer {
    this.#traceId.writeInt32BE(idA, 0);
    this.#traceId.writeInt32BE(idB, 4);
    this.#traceId.writeInt32BE(idC, 8);
    this.#traceId.writeInt32BE(idD, 12);
    return this.#traceId;
  }
}
