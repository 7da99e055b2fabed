// A plain Fastify application that knows nothing of tracing: two routes, one of which calls the other.
import Fastify from 'fastify';

const server = Fastify({ logger: true });
server.get('/weather/:city', async (request) => ({ city: request.params.city, degrees: 21 }));
server.get('/trip', async () => {
  const reply = await fetch(`http://127.0.0.1:${server.server.address().port}/weather/lisbon`);
  return { weather: await reply.json() };
});
console.log(await server.listen({ port: 0, host: '127.0.0.1' }));
