/** node:http is traced twice over, by our instrumentation and by the OpenTelemetry project's own: neither sees an export. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as http from 'node:http';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { after, before, it } from 'node:test';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { startTracing } from '../test-kit/tracing.ts';
import type { Tracing } from '../test-kit/tracing.ts';

const THEIRS = '@opentelemetry/instrumentation-http';
const OURS = '@tracelab/tracer/http-client';

let tracing: Tracing;
before(async () => {
  tracing = await startTracing({ TRACELAB_IGNORE_PATHS: '/' });
  // For what is imported as well, which is harder on us: it hooks only `require`.
  registerInstrumentations({
    instrumentations: [new HttpInstrumentation({ disableIncomingRequestInstrumentation: true })],
  });
  createRequire(import.meta.url)('node:http');
  syncBuiltinESMExports();
});
after(() => tracing.close());

it('an application’s own request is seen by both, exports by none', async () => {
  // The second export goes out on a connection that is there already.
  for (let turn = 0; turn < 2; turn++) {
    const [response] = (await once(http.get(`${tracing.sink.url}/own`), 'response')) as [http.IncomingMessage];
    await once(response.resume(), 'close');
    const scopes = (await tracing.spans()).map((span) => span.scopeName);
    assert.deepEqual(scopes.sort(), [THEIRS, OURS]);
    assert.deepEqual(await tracing.spans(), []);
  }
  const { requests } = tracing.sink;
  assert.deepEqual(
    requests.map(({ path }) => path),
    ['/own', '/v1/traces', '/own', '/v1/traces'],
  );
  for (const { path, headers } of requests) assert.equal('traceparent' in headers, path === '/own');
  assert.equal(requests[1]?.headers['content-type'], 'application/x-protobuf');
});
