import { shuffle } from '@tracelab/protocol';
import type { Random } from '@tracelab/protocol';
import { collectRounds } from '../collect-rounds.ts';
import { FLOOR_CASE } from '../micro/floor.ts';
import { measureAlone, prepareBlock } from '../micro/measure-block.ts';
import type { Block, BlockPlan } from '../micro/measure-block.ts';
import type { SectionContext } from '../section.ts';
import { createLabSubject } from '../subject/lab-subject.ts';
import { createSdkSubject, createUnencodedSdkSubject } from '../subject/sdk-subject.ts';
import type { Subject } from '../subject/subject.ts';
import { NOTHING } from './operations.ts';
import type { DapperOperation } from './operations.ts';

export interface DapperPlan extends BlockPlan {
  rounds: number;
}

const SIDES = ['with', 'without'] as const;
/** Nanoseconds of CPU for each operation of the case with it and of the one without it. */
export type Sides = Record<(typeof SIDES)[number], number>;

/** `control` is the SDK once more, an object of its own: how far it differs from the SDK is noise. */
export const SUBJECT_NAMES = ['lab', 'sdk', 'control', 'sdkUnencoded'] as const;
export type SubjectName = (typeof SUBJECT_NAMES)[number];
export type OperationRound = Record<SubjectName, Sides>;

export interface DapperRounds {
  /** Two clock reads, and nothing. */
  floor: Sides[];
  operations: { operation: DapperOperation; rounds: OperationRound[] }[];
}

type Blocks = Record<keyof Sides, Block>;

/**
 * All subjects live in this process from the start. Operations come in random order, and within one all its blocks do: the
 * two sides of a difference have run within some tens of milliseconds of each other.
 */
export async function measureOperations(
  operations: readonly DapperOperation[],
  plan: DapperPlan,
  context: Pick<SectionContext, 'random' | 'progress' | 'signal'>,
): Promise<DapperRounds> {
  const subjects: Record<SubjectName, Subject> = {
    lab: createLabSubject(),
    sdk: createSdkSubject(),
    control: createSdkSubject('sdk again'),
    sdkUnencoded: createUnencodedSdkSubject(),
  };
  const prepare = async (operation: Pick<DapperOperation, 'with' | 'without'>, subject: Subject): Promise<Blocks> => ({
    with: await prepareBlock(operation.with, subject, plan),
    without: await prepareBlock(operation.without, subject, plan),
  });
  const floor = await prepare({ with: FLOOR_CASE, without: NOTHING }, subjects.lab);
  const blocks: Record<SubjectName, Blocks>[] = [];
  for (const operation of operations) {
    context.progress(`warming up: ${operation.title}`);
    blocks.push({
      lab: await prepare(operation, subjects.lab),
      sdk: await prepare(operation, subjects.sdk),
      control: await prepare(operation, subjects.control),
      sdkUnencoded: await prepare(operation, subjects.sdkUnencoded),
    });
  }
  const rounds = await collectRounds({ name: 'dapper', count: plan.rounds }, context, async () => {
    const measured: OperationRound[] = [];
    for (const index of shuffle([...blocks.keys()], context.random)) {
      const block = blocks[index];
      if (block !== undefined) measured[index] = await measureRound(block, context.random);
    }
    return { floor: (await measureRound({ floor }, context.random)).floor, measured };
  });
  return {
    floor: rounds.map((round) => round.floor),
    operations: operations.map((operation, index) => ({
      operation,
      rounds: rounds.flatMap(({ measured }) => measured[index] ?? []),
    })),
  };
}

async function measureRound<Name extends string>(
  blocks: Record<Name, Blocks>,
  random: Random,
): Promise<Record<Name, Sides>> {
  const names = Object.keys(blocks) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, { with: 0, without: 0 }])) as Record<Name, Sides>;
  const pairs = names.flatMap((name) => SIDES.map((side) => ({ name, side })));
  for (const { name, side } of shuffle(pairs, random)) measured[name][side] = await measureAlone(blocks[name][side]);
  return measured;
}
