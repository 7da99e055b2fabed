import { DAPPER_STORED_SPAN_BYTES } from '@tracelab/model';
import { prepareOperations, runBatches } from '../micro/run-operations.ts';
import type { SpanCase } from '../micro/span-case.ts';
import { caseNamed } from '../micro/span-cases.ts';
import { formatRatio } from '../report/format.ts';
import type { SectionReport } from '../section.ts';
import { createLabSubject } from '../subject/lab-subject.ts';
import { createSdkSubject } from '../subject/sdk-subject.ts';
import { BATCH_SPANS } from '../subject/subject.ts';
import type { Subject } from '../subject/subject.ts';
import { HTTP_SERVER_SPAN } from './http-server-span.ts';

export const BYTES_CASES: readonly SpanCase[] = [
  caseNamed('child'),
  caseNamed('child-4-options'),
  caseNamed('child-event'),
  HTTP_SERVER_SPAN,
];

/** Bytes of the protobuf that a span is sent as, with its share of what a full batch says once. */
export interface BytesRow {
  name: string;
  title: string;
  labBytes: number;
  sdkBytes: number;
}

/** How large a span is on the wire. Counted, not measured: it has no interval. */
export async function runBytes(): Promise<SectionReport> {
  const rows: BytesRow[] = [];
  for (const spanCase of BYTES_CASES) {
    rows.push({
      name: spanCase.name,
      title: spanCase.title,
      labBytes: await bytesOf(spanCase, createLabSubject()),
      sdkBytes: await bytesOf(spanCase, createSdkSubject()),
    });
  }
  return {
    title: 'bytes: one span on the wire, OTLP protobuf, not compressed',
    table: {
      headings: ['span', 'lab B', 'SDK B', 'lab / SDK', 'Dapper 2010, stored B'],
      rows: [
        ...rows.map(({ title, labBytes, sdkBytes }) => [
          title,
          labBytes.toFixed(0),
          sdkBytes.toFixed(0),
          formatRatio(labBytes / sdkBytes),
          '-',
        ]),
        ['average of theirs', '-', '-', '-', String(DAPPER_STORED_SPAN_BYTES)],
      ],
    },
    notes: [
      `batches of ${BATCH_SPANS}: resource and scope are in it, once for each batch`,
      'Dapper 2010, 4.2: theirs, in their repository, annotations included; what ours take on disk: npm run bench:bytes',
    ],
    json: { rows, dapperStoredBytes: DAPPER_STORED_SPAN_BYTES },
  };
}

async function bytesOf(spanCase: SpanCase, subject: Subject): Promise<number> {
  await runBatches(prepareOperations(spanCase, subject), 1);
  const batch = subject.lastBatch();
  if (batch === undefined) throw new Error(`${spanCase.name} of ${subject.name} has made no batch`);
  return batch.length / BATCH_SPANS;
}
