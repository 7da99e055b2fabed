/** What `node --import @tracelab/tracer/register app.js` loads: the tracer, set up by the OTEL_* variables. */
import { flushAtProcessEnd } from './flush-at-end.ts';
import { start } from './start.ts';

flushAtProcessEnd(process, start());
