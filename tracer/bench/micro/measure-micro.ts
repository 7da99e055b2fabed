import { shuffle } from '@tracelab/protocol';
import type { Random } from '@tracelab/protocol';
import type { SectionContext } from '../section.ts';
import { collectRounds } from '../collect-rounds.ts';
import { createLabSubject } from '../subject/lab-subject.ts';
import { createSdkSubject } from '../subject/sdk-subject.ts';
import { FLOOR_CASE } from './floor.ts';
import { measureAlone, prepareBlock } from './measure-block.ts';
import type { Block, BlockPlan } from './measure-block.ts';
import type { SpanCase } from './span-case.ts';

export interface MicroPlan extends BlockPlan {
  cases: readonly SpanCase[];
  rounds: number;
}

/** One block of each, measured within some tens of milliseconds of each other: nanoseconds of CPU for each operation. */
export interface MicroRound {
  lab: number;
  sdk: number;
  /** The official SDK once more, an object of its own: what this row shows is noise. */
  control: number;
}

export interface MicroResult {
  floorNs: number[];
  cases: { case: SpanCase; rounds: MicroRound[] }[];
}

/** All subjects live in this process from the start; cases in random order, within a case its subjects in random order. */
export async function measureMicro(
  plan: MicroPlan,
  context: Pick<SectionContext, 'random' | 'progress' | 'signal'>,
): Promise<MicroResult> {
  const subjects = { lab: createLabSubject(), sdk: createSdkSubject(), control: createSdkSubject('sdk again') };
  const prepare = (spanCase: SpanCase, subject: keyof typeof subjects): Promise<Block> =>
    prepareBlock(spanCase, subjects[subject], plan);
  const floor = await prepare(FLOOR_CASE, 'lab');
  const blocks: Record<keyof MicroRound, Block>[] = [];
  for (const spanCase of plan.cases) {
    context.progress(`warming up: ${spanCase.title}`);
    blocks.push({
      lab: await prepare(spanCase, 'lab'),
      sdk: await prepare(spanCase, 'sdk'),
      control: await prepare(spanCase, 'control'),
    });
  }
  const floorNs: number[] = [];
  const rounds = await collectRounds({ name: 'micro', count: plan.rounds }, context, async () => {
    floorNs.push(await measureAlone(floor));
    const round: MicroRound[] = [];
    for (const index of shuffle([...blocks.keys()], context.random)) {
      const block = blocks[index];
      if (block !== undefined) round[index] = await measureRound(block, context.random);
    }
    return round;
  });
  return {
    floorNs,
    cases: plan.cases.map((spanCase, index) => ({
      case: spanCase,
      rounds: rounds.flatMap((round) => round[index] ?? []),
    })),
  };
}

async function measureRound(blocks: Record<keyof MicroRound, Block>, random: Random): Promise<MicroRound> {
  const round: MicroRound = { lab: 0, sdk: 0, control: 0 };
  for (const subject of shuffle(['lab', 'sdk', 'control'] as const, random)) {
    round[subject] = await measureAlone(blocks[subject]);
  }
  return round;
}
