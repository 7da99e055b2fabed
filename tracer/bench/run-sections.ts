import { UsageError } from '@tracelab/command';
import { drawReport } from './report/draw-report.ts';
import type { Section, SectionContext, SectionName } from './section.ts';

/** By name of the section: its figures or why it has none, and both for people. */
export interface SectionsOutcome {
  sections: Record<string, unknown>;
  failures: Record<string, string>;
  texts: string[];
}

/**
 * Runs the sections one after the other. One that fails leaves the others' figures standing; a request to end keeps what
 * was measured. Throws what was called wrongly.
 */
export async function runSections(
  names: readonly SectionName[],
  sections: Readonly<Record<SectionName, Section>>,
  context: SectionContext,
): Promise<SectionsOutcome> {
  const outcome: SectionsOutcome = { sections: {}, failures: {}, texts: [] };
  for (const name of names) {
    if (context.signal.aborted) break;
    try {
      const report = await sections[name](context);
      outcome.sections[name] = report.json;
      outcome.texts.push(drawReport(report));
    } catch (error) {
      if (error instanceof UsageError) throw error;
      if (context.signal.aborted) break;
      const reason = error instanceof Error ? error.message : String(error);
      outcome.failures[name] = reason;
      outcome.texts.push(`${name}: failed: ${reason}`);
    }
  }
  return outcome;
}
