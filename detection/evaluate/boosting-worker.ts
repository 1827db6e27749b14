import { parentPort, workerData } from 'node:worker_threads';
import { boost } from '../model/boosting.ts';
import type { BoostingJob } from './boosting-job.ts';

const { examples, chosen, options, heldOut } = workerData as BoostingJob;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
parentPort?.postMessage(boost(examples, chosen, options, heldOut));
