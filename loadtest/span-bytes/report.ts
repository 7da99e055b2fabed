import { drawTextTable, figureColumns } from '@tracelab/command';
import { DAPPER_STORED_SPAN_BYTES } from '@tracelab/model';
import { formatCount } from '../report/format.ts';
import type { ShapeFigures } from './figures.ts';

export interface SpanBytes {
  shapes: readonly ShapeFigures[];
  /** Files of a collector that was started and ended and got nothing. */
  emptyStoreBytes: number;
}

export function renderSpanBytes({ shapes, emptyStoreBytes }: SpanBytes): string {
  const table = drawTextTable({
    columns: figureColumns(
      'B for each span',
      'traces',
      'spans',
      'spans/request',
      'wire',
      'wire, gzip',
      'disk',
      'Dapper 2010, stored',
    ),
    rows: [
      ...shapes.map((shape) => [
        shape.title,
        formatCount(shape.traces),
        formatCount(shape.spans),
        (shape.spans / shape.exportRequests).toFixed(0),
        shape.wireBytesPerSpan.toFixed(0),
        shape.gzipBytesPerSpan.toFixed(0),
        shape.diskBytesPerSpan.toFixed(0),
        '-',
      ]),
      ['average of theirs', '-', '-', '-', '-', '-', '-', String(DAPPER_STORED_SPAN_BYTES)],
    ],
  });
  return [
    'span-bytes: a span on the wire and in the collector’s store',
    table,
    [
      'wire: bodies of the OTLP requests, without HTTP’s headers; gzip level 6, each request by itself',
      `disk: all files of the collector’s data folder after its end, by the spans; ${formatCount(emptyStoreBytes)} B of it are an empty store’s`,
      'random values: 10 attributes of 20 random letters and digits: no compression finds them twice; same values: the opposite',
      'Dapper 2010, 4.2: theirs, another encoding and other annotations: no ratio of theirs to ours means anything',
    ]
      .map((note) => `  ${note}`)
      .join('\n'),
  ].join('\n\n');
}
