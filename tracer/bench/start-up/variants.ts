import { join } from 'node:path';

export const START_UP_VARIANTS = ['fastify', 'control', 'lab-packed', 'lab-source', 'sdk-base', 'sdk-full'] as const;
export type StartUpVariant = (typeof START_UP_VARIANTS)[number];

export const TITLES: Record<StartUpVariant, string> = {
  fastify: 'Fastify alone',
  control: 'Fastify alone (control)',
  'lab-packed': 'lab, packed',
  'lab-source': 'lab, TypeScript source',
  'sdk-base': 'SDK, base and exporter',
  'sdk-full': 'SDK, NodeSDK and instrumentations',
};

/** What node is told to load before the application. */
export function nodeArgsOf(variant: StartUpVariant, packedTracer: string): string[] {
  switch (variant) {
    case 'fastify':
    case 'control':
      return [];
    case 'lab-packed':
      return ['--import', packedTracer];
    case 'lab-source':
      return ['--import', '@tracelab/tracer/register'];
    case 'sdk-base':
    case 'sdk-full':
      return ['--import', join(import.meta.dirname, `${variant}.mjs`)];
  }
}
