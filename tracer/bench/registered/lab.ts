import { start } from '../../index.ts';
import type { RegisteredTracer } from './registered-tracer.ts';

export function registerLab(): RegisteredTracer {
  return start({ instrument: false });
}
