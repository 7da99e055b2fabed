import type { RegisteredTracer } from './registered-tracer.ts';

const VARIANTS = ['none', 'lab', 'sdk'] as const;
export type Variant = (typeof VARIANTS)[number];

export function isVariant(text: string | undefined): text is Variant {
  return VARIANTS.some((variant) => variant === text);
}

/** Loads only what the variant needs, since all of it would be in its memory. */
export async function registerVariant(variant: Variant): Promise<RegisteredTracer> {
  switch (variant) {
    case 'none':
      return { forceFlush: () => Promise.resolve() };
    case 'lab':
      return (await import('./lab.ts')).registerLab();
    case 'sdk':
      return (await import('./sdk.ts')).registerSdk();
  }
}
