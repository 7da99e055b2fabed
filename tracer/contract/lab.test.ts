/** Our tracer keeps the contract of @opentelemetry/api, checked through that API alone and on what arrives at a collector. */
import { CONTRACT } from './areas.ts';
import { labSubject } from './lab-subject.ts';
import { runContract } from './run-contract.ts';

runContract(labSubject, CONTRACT);
