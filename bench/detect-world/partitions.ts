import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What a worker is told: which half of the keys it watches (-1: all), of how many payments. */
export interface Share {
  readonly half: number;
  readonly payments: number;
}

/** Payments a second of one process that watches all partitions, and of two that share them, forwarding to each other. */
export async function halvesAgainstOne(payments: number): Promise<[one: number, two: number]> {
  const one = await timed([{ half: -1, payments }]);
  const two = await timed([
    { half: 0, payments },
    { half: 1, payments },
  ]);
  return [payments / one, payments / two];
}

/** Seconds from when all are told to begin until the last has ended. */
async function timed(shares: readonly Share[]): Promise<number> {
  const workers = shares.map(
    (share) => new Worker(new URL('partition-worker.ts', import.meta.url), { workerData: share }),
  );
  const channel = new MessageChannel();
  workers.forEach((worker, index) => {
    const port = index === 0 ? channel.port1 : channel.port2;
    worker.postMessage({ port }, [port as never]);
  });
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const began = performance.now();
  const ended = workers.map((worker) => once(worker, 'message'));
  for (const worker of workers) worker.postMessage('begin', []);
  await Promise.all(ended);
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return seconds;
}
