import type { SectionContext } from './section.ts';

/**
 * Measures so many rounds one after the other. A request to end keeps the rounds that are complete; where there is none
 * yet, what was interrupted throws.
 */
export async function collectRounds<Round>(
  { name, count }: { name: string; count: number },
  { signal, progress }: Pick<SectionContext, 'signal' | 'progress'>,
  measureRound: () => Promise<Round>,
): Promise<Round[]> {
  const rounds: Round[] = [];
  while (rounds.length < count && !(signal.aborted && rounds.length > 0)) {
    progress(`${name}: round ${rounds.length + 1} of ${count}`);
    try {
      rounds.push(await measureRound());
    } catch (error) {
      if (!signal.aborted || rounds.length === 0) throw error;
    }
  }
  return rounds;
}
