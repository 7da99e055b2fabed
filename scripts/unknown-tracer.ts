// What `--import '#tracer/<any other name>'` loads: docker-compose.yml passes on whatever LAB_TRACER says, and Node's own
// message about an unresolved import would not say what is allowed.
import { ExitCode, parseTracerName } from '@tracelab/command';

const name = process.execArgv.join(' ').match(/#tracer\/(\S*)/)?.[1];
try {
  parseTracerName(name ?? '?');
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
}
process.exit(ExitCode.usage);
