import { once } from 'node:events';
import { createServer } from 'node:net';
import { CommandError } from '../connection.ts';
import type { Plan } from './plan.ts';

/** Refuses a plan of which another program has a port, and says what can be done. */
export async function refuseTakenPorts({ hubPort, seats }: Plan): Promise<void> {
  const places = [
    { port: hubPort, what: 'the page' },
    ...seats.map(({ port, name }) => ({ port, what: `the server of ${name}` })),
  ];
  const taken: string[] = [];
  for (const { port, what } of places) if (!(await isFree(port))) taken.push(`${port} (${what})`);
  if (taken.length === 0) return;
  const many = taken.length > 1;
  throw new CommandError(
    `another program has the port${many ? 's' : ''} ${taken.join(', ')}. Stop it, or choose other ports with --base-port N: the page is at N, the servers at N+1 to N+6`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
