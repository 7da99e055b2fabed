import { NotHeldError } from '@tracelab/command';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpTarget, type TargetRequest } from '../attack/http-target.ts';
import { NO_ANSWER } from '../attack/shots.ts';
import type { ServiceProcess } from './service-process.ts';

export interface ReadyCheck {
  /** Of the variant. */
  name: string;
  service: Pick<ServiceProcess, 'deathOf' | 'lastLines'>;
  origin: string;
  request: TargetRequest;
  limitMs: number;
  /** Whether the command may take its port from $PORT: the likeliest mistake is that it does not. */
  isPortChosen: boolean;
  signal: AbortSignal;
}

const LOOK_MS = 50;
/** One try: whoever accepted it while starting may have forgotten it. */
const TRY_LIMIT_MS = 5000;
/** A block of a few hundred requests would take minutes of a slower service. */
const ANSWER_MS_MAX = 1000;
const SPEED_TRIES = 3;
/** As an answer this says that the service is up, as a rule of ours: what is asked for is the caller's business. */
const SERVER_ERROR = 500;

/** Resolves when the service answers with a status below 500, fast enough to be measured. Throws a NotHeldError that says what it does instead. */
export async function untilReady(check: ReadyCheck): Promise<void> {
  const endMs = performance.now() + check.limitMs;
  for (;;) {
    const answer = await tryOnce(
      check,
      Math.ceil(Math.min(TRY_LIMIT_MS, Math.max(LOOK_MS, endMs - performance.now()))),
    );
    if (check.signal.aborted) throw new NotHeldError(`the run was ended before the service of ${check.name} answered`);
    const death = await check.service.deathOf();
    if (death !== undefined) throw new NotHeldError(`the service of ${check.name} was not ready when it ${death}`);
    if (isUp(answer)) return assertFast(check);
    if (performance.now() >= endMs) throw new NotHeldError(explain(check, answer));
    await sleep(LOOK_MS);
  }
}

interface Answer {
  status: number;
  /** Where there was no answer. */
  reason: string;
}

function isUp({ status }: Answer): boolean {
  return status !== NO_ANSWER && status < SERVER_ERROR;
}

async function tryOnce({ origin, request, signal }: ReadyCheck, limitMs: number): Promise<Answer> {
  const target = new HttpTarget({ origin, connections: 1, answerLimitMs: limitMs });
  // Beside undici's own limits, which know whole seconds and not a body that trickles.
  const cut = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const close = (): void => void target.close();
  cut.addEventListener('abort', close);
  try {
    const status = cut.aborted ? NO_ANSWER : await target.send(request);
    const [reason = ''] = target.failures.keys();
    return { status, reason: cut.aborted ? `silence for ${(limitMs / 1000).toFixed(1)} s` : reason };
  } finally {
    cut.removeEventListener('abort', close);
    close();
  }
}

/** The fastest of a few tries: the first ones are cold. */
async function assertFast(check: ReadyCheck): Promise<void> {
  let fastestMs = Infinity;
  for (let tries = 0; tries < SPEED_TRIES && fastestMs > ANSWER_MS_MAX && !check.signal.aborted; tries++) {
    const startedMs = performance.now();
    const answer = await tryOnce(check, TRY_LIMIT_MS);
    if (isUp(answer)) fastestMs = Math.min(fastestMs, performance.now() - startedMs);
  }
  if (fastestMs <= ANSWER_MS_MAX || check.signal.aborted) return;
  const took = fastestMs === Infinity ? `over ${TRY_LIMIT_MS / 1000}` : (fastestMs / 1000).toFixed(1);
  throw new NotHeldError(
    `the service of ${check.name} is too slow to be measured: ${addressOf(check)} takes ${took} s, at most ${ANSWER_MS_MAX / 1000} s is allowed, since a block needs a few hundred requests`,
  );
}

function explain(check: ReadyCheck, { status, reason }: Answer): string {
  const what =
    status === NO_ANSWER
      ? `${addressOf(check)} got no answer (${reason === 'ECONNREFUSED' ? 'nobody listens there' : reason})`
      : `${addressOf(check)} is answered with ${status}`;
  const hint =
    check.isPortChosen && reason === 'ECONNREFUSED'
      ? ': the command should listen on the port that PORT names in its environment'
      : '';
  return `the service of ${check.name} was not ready within ${check.limitMs / 1000} s (--ready-s): ${what}${hint}${check.service.lastLines()}`;
}

function addressOf({ origin, request }: ReadyCheck): string {
  return `${request.method} ${origin}${request.path}`;
}
