import { bootstrapMedian, median } from '@tracelab/model';
import type { Interval } from '@tracelab/model';
import { casesNamed } from '../micro/span-cases.ts';
import { formatInterval, formatRatio } from '../report/format.ts';
import { COMPILE_CACHE, runChild } from '../run-child.ts';
import type { SectionContext, SectionReport } from '../section.ts';
import type { HeapCase } from './heap-case.ts';

const TRIES = { quick: 3, full: 15 };
/** MiB: twelve batches of the SDK's largest case take a third of it, so that no try is spoilt by a collection. */
const YOUNG_GENERATION = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

interface HeapRow {
  name: string;
  title: string;
  labBytes: number;
  sdkBytes: number;
  ratio: Interval;
  bytesMax: number | undefined;
}

/** What an operation leaves to the collector of garbage, up to the bytes of the batch. */
export async function runHeap(context: SectionContext): Promise<SectionReport> {
  const cases = casesNamed(context.caseNames);
  context.progress(`heap: ${cases.length} cases`);
  const measured = (await runChild(
    {
      file: 'heap/heap-process.ts',
      nodeArgs: YOUNG_GENERATION,
      args: [String(TRIES[context.preset]), ...context.caseNames],
      env: { NODE_COMPILE_CACHE: COMPILE_CACHE },
    },
    context.signal,
  )) as HeapCase[];
  const rows = measured.map((heapCase): HeapRow => {
    const spanCase = cases.find(({ name }) => name === heapCase.name);
    return rowOf(heapCase, { title: spanCase?.title ?? heapCase.name, bytesMax: spanCase?.heapBytesMax }, context);
  });
  return {
    title: 'heap: bytes that one operation allocates on V8’s heap',
    table: {
      headings: ['case', 'lab B', 'SDK B', 'lab / SDK [95 %]', 'target'],
      rows: rows.map(({ title, labBytes, sdkBytes, ratio, bytesMax }) => [
        title,
        labBytes.toFixed(0),
        sdkBytes.toFixed(0),
        formatInterval(ratio, formatRatio),
        bytesMax === undefined ? '-' : `${bytesMax} B ${labBytes <= bytesMax ? 'met' : 'not met'}`,
      ]),
    },
    notes: ['bytes of batches lie outside of V8’s heap and are not counted; no collection ran in any try that counts'],
    json: { rows },
  };
}

function rowOf(
  { name, lab, sdk }: HeapCase,
  { title, bytesMax }: Pick<HeapRow, 'title' | 'bytesMax'>,
  { random }: SectionContext,
): HeapRow {
  const sdkBytes = median(sdk);
  const ratio = bootstrapMedian(
    lab.map((bytes, index) => bytes / (sdk[index] ?? sdkBytes)),
    { random },
  );
  return { name, title, labBytes: median(lab), sdkBytes, ratio, bytesMax };
}
