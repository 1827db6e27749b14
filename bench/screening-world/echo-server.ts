import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { answerAsker } from './child.ts';

/** The peer: what Fastify does for a route that does nothing but give back its body. */
const app = fastify();
app.post('/v1/screen', (request, reply) => {
  reply.send(request.body);
});
await app.listen({ host: '127.0.0.1', port: 0 });

answerAsker(
  async ({ ask }: { ask: 'address' | 'cpu' }) =>
    ask === 'cpu' ? process.cpuUsage() : { port: (app.server.address() as AddressInfo).port, key: 'none' },
  () => app.close(),
);
