import { start } from '../../index.ts';
import type { RegisteredTracer } from './variant.ts';

export function registerLab(): RegisteredTracer {
  return start({ instrument: false });
}
