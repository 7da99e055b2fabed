// The health check of a container: exit code 0 when http://127.0.0.1:PORT/healthz answers 200. The image has no curl.
const port = process.argv[2];
const reply = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) }).catch(
  (error) => error,
);
if (reply.ok !== true) {
  process.stderr.write(`healthz on port ${port}: ${reply.status ?? reply.message}\n`);
  process.exitCode = 1;
}
