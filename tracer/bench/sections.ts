import { UsageError } from '@tracelab/command';
import { runBytes } from './bytes/section.ts';
import { runContext } from './context/section.ts';
import { runDapper } from './dapper/section.ts';
import { runDelivered } from './delivered/section.ts';
import { runHeap } from './heap/section.ts';
import { runMemory } from './memory/section.ts';
import { runMicro } from './micro/section.ts';
import { SECTION_NAMES } from './section.ts';
import type { Section, SectionName } from './section.ts';
import { runStartUp } from './start-up/section.ts';

export const SECTIONS: Record<SectionName, Section> = {
  micro: runMicro,
  dapper: runDapper,
  heap: runHeap,
  bytes: runBytes,
  delivered: runDelivered,
  startup: runStartUp,
  memory: runMemory,
  context: runContext,
};

/** The sections asked for, as a list or comma-separated, in the order of the report; all where none is named. Throws a UsageError. */
export function sectionsNamed(names: readonly string[]): readonly SectionName[] {
  const asked = names.flatMap((name) => name.split(','));
  for (const name of asked) {
    if (!SECTION_NAMES.some((known) => known === name))
      throw new UsageError(`--only should be one of ${SECTION_NAMES.join(', ')}: was "${name}"`);
  }
  return asked.length === 0 ? SECTION_NAMES : SECTION_NAMES.filter((name) => asked.includes(name));
}
