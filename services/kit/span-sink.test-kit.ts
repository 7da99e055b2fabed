import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { AnyValue, Span, TracesData } from '@tracelab/protocol';
import { decodeTracesData } from '@tracelab/protocol';

export interface ReceivedSpan extends Span {
  service: AnyValue | undefined;
}

/** Takes spans by OTLP/HTTP as a collector does, and keeps them for a test. */
export interface SpanSink {
  url: string;
  spans: ReceivedSpan[];
  close: () => void;
}

export async function startSpanSink(): Promise<SpanSink> {
  const spans: ReceivedSpan[] = [];
  const receive = async (request: IncomingMessage): Promise<number> => {
    const data = decodeTracesData(await buffer(request));
    if (data.ok) spans.push(...flatten(data.value));
    return data.ok ? 200 : 400;
  };
  const server = createServer((request, response) => {
    void receive(request).then((status) => response.writeHead(status).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    spans,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function flatten(data: TracesData): ReceivedSpan[] {
  return data.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value;
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
  });
}
