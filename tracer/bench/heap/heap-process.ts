/** Started by the heap section with a young generation that no try fills: prints bytes for each operation, as JSON. */
import { operationsPerBatch, prepareOperations, register, runBatches } from '../micro/run-operations.ts';
import type { SpanCase } from '../micro/span-case.ts';
import { casesNamed } from '../micro/span-cases.ts';
import { createLabSubject } from '../subject/lab-subject.ts';
import { createSdkSubject } from '../subject/sdk-subject.ts';
import type { Subject } from '../subject/subject.ts';
import { allocatedBytes } from './allocated-bytes.ts';
import type { HeapCase } from './heap-case.ts';

/** Enough for the optimising compiler: before it, operations allocate what they later do not. */
const WARM_UP_BATCHES = 120;
const BATCHES = 12;

const [tries = '5', ...names] = process.argv.slice(2);
const subjects = { lab: createLabSubject(), sdk: createSdkSubject() };
const measured: HeapCase[] = [];
for (const spanCase of casesNamed(names)) {
  measured.push({
    name: spanCase.name,
    lab: await bytesOf(spanCase, subjects.lab),
    sdk: await bytesOf(spanCase, subjects.sdk),
  });
}
process.stdout.write(JSON.stringify(measured));

async function bytesOf(spanCase: SpanCase, subject: Subject): Promise<number[]> {
  const operations = prepareOperations(spanCase, subject);
  register(subject);
  await runBatches(operations, WARM_UP_BATCHES);
  const bytes: number[] = [];
  for (let attempt = 0; attempt < Number(tries); attempt++) {
    const allocated = await allocatedBytes(() => runBatches(operations, BATCHES));
    bytes.push(allocated / (BATCHES * operationsPerBatch(spanCase)));
  }
  return bytes;
}
