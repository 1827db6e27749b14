import { Worker } from 'node:worker_threads';
import type { Forest } from '../model/forest.ts';
import type { BoostingJob } from './boosting-job.ts';

const atOnce = 2;

/** Trains so many forests, two at a time, each in a thread of its own; in the order of the jobs. */
export async function boostAll(jobs: readonly BoostingJob[]): Promise<Forest[]> {
  const forests: Forest[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let number = next++; number < jobs.length; number = next++) {
      forests[number] = await inThread(jobs[number]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, work));
  return forests;
}

function inThread(job: BoostingJob): Promise<Forest> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./boosting-worker.ts', import.meta.url), { workerData: job });
    worker.once('message', (forest: Forest) => {
      resolve(forest);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread ended without a forest')));
  });
}
