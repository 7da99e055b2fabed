import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { flattenTracesData } from '@tracelab/model';
import { decodeTracesData } from '@tracelab/protocol';

export interface Receiver {
  url: string;
  spanKeys: string[];
  bytes: number;
}

const servers: Server[] = [];
after(() => servers.forEach((server) => server.close()));

/** An OTLP receiver, until the tests of a file end: answers the first so many requests with 503, then takes everything apart. */
export async function startReceiver(refusals = 0): Promise<Receiver> {
  const receiver: Receiver = { url: '', spanKeys: [], bytes: 0 };
  let left = refusals;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    if (left-- > 0) return response.writeHead(503).end();
    const isGzip = request.headers['content-encoding'] === 'gzip';
    const decoded = decodeTracesData(isGzip ? gunzipSync(body) : body);
    if (!decoded.ok) return response.writeHead(400).end();
    receiver.bytes += body.length;
    for (const { traceId, spanId } of flattenTracesData(decoded.value)) receiver.spanKeys.push(`${traceId} ${spanId}`);
    return response.end();
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}
