import { ROOT_CONTEXT, SpanKind, defaultTextMapGetter } from '@opentelemetry/api';
import type { SpanOptions } from '@opentelemetry/api';
import type { SpanCase } from '../micro/span-case.ts';
import { INCOMING } from '../micro/span-cases.ts';

/** What the stable HTTP conventions require and recommend of a server span. */
const SERVER: SpanOptions = {
  kind: SpanKind.SERVER,
  attributes: {
    'http.request.method': 'GET',
    'url.path': '/products/sku-1',
    'url.query': 'currency=EUR',
    'url.scheme': 'http',
    'http.route': '/products/:sku',
    'http.response.status_code': 200,
    'server.address': '127.0.0.1',
    'server.port': 4603,
    'client.address': '192.168.17.204',
    'network.peer.address': '192.168.17.204',
    'network.protocol.version': '1.1',
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  },
};

export const HTTP_SERVER_SPAN: SpanCase = {
  name: 'http-server',
  title: 'HTTP server span, 12 attributes',
  spansEncoded: 1,
  prepare: ({ sampledTracer, propagator }) => {
    const caller = propagator.extract(ROOT_CONTEXT, INCOMING, defaultTextMapGetter);
    return () => sampledTracer.startSpan('GET /products/:sku', SERVER, caller).end();
  },
};
