import type { Output } from '@tracelab/command';
import type { Random } from '@tracelab/protocol';
import type { ReportTable } from './report/draw-report.ts';

export const SECTION_NAMES = ['micro', 'dapper', 'heap', 'bytes', 'delivered', 'startup', 'memory', 'context'] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** How much is measured. `quick` says whether a change helps; `full` is for figures that are written down. */
export type Preset = 'quick' | 'full';

export interface SectionContext {
  preset: Preset;
  random: Random;
  /** Of the cases by name; empty: all. */
  caseNames: readonly string[];
  progress: Output['progress'];
  /** Aborted at Ctrl-C: the section ends after the round it is in, with what it has. */
  signal: AbortSignal;
}

/** What one part of the bench found: the same figures for a program and for people. */
export interface SectionReport {
  title: string;
  table: ReportTable;
  notes: readonly string[];
  json: unknown;
}

export type Section = (context: SectionContext) => Promise<SectionReport>;
