export { createBooleanAttribute, createNumericAttribute, createStringAttribute } from './attribute-policies.ts';
export { createComposite } from './composite.ts';
export { createLatency } from './latency.ts';
export { createBytesLimiting, createRateLimiting } from './limiting.ts';
export { createProbabilistic } from './probabilistic.ts';
