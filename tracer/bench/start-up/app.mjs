// The smallest Fastify application: prints the CPU, in microseconds, that it took until it could answer. JavaScript, so
// that plain Fastify strips no types.
import Fastify from 'fastify';

const app = Fastify();
app.get('/', async () => 'hello');
await app.listen({ host: '127.0.0.1', port: 0 });
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ cpuUs: user + system }), () => process.exit());
