import type { CollectorUnderTest } from '../collector-process/collector-under-test.ts';

export interface RunningVariant {
  name: string;
  collector: CollectorUnderTest;
}
