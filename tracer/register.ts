/** What `node --import @tracelab/tracer/register app.js` loads: the tracer, set up by the OTEL_* variables. */
import { flushAtProcessEnd } from './flush-at-end.ts';
import { start } from './start.ts';

try {
  flushAtProcessEnd(process, start());
} catch (cause) {
  // An application never fails to start because of its tracer.
  process.stderr.write(`tracer error: not started: ${cause instanceof Error ? cause.message : String(cause)}\n`);
}
