import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Hop } from '@bronze-drum/detection/payment-book';
import type { Sight } from '@bronze-drum/detection/sight';
import { keysOf } from '@bronze-drum/protocol/activity/reading';
import { openBenchEngine } from './engine.ts';
import type { Share } from './partitions.ts';
import { openPayments } from './payments.ts';

/** As records come from the stream: text, and a mask of the halves that it reaches; each worker parses what reaches it. */
const { half, payments } = workerData as Share;
const port = ((await once(parentPort!, 'message')) as [{ port: MessagePort }])[0].port;
const batchRecords = 1000;

function halfOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i += 1) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & 1;
}

const next = openPayments(2);
const lines: string[] = [];
const reaches = new Uint8Array(payments);
for (let made = 0; made < payments; made += batchRecords)
  for (const { record, ...about } of next(batchRecords)) {
    for (const { key } of keysOf('payment', record)) reaches[lines.length]! |= 1 << halfOf(key);
    lines.push(JSON.stringify({ ...about, record }));
  }

const engine = openBenchEngine(half === -1 ? () => true : (key) => halfOf(key) === half);
let received = 0;
port.on('message', (text: string) => {
  for (const { hops, sight } of JSON.parse(text) as { hops: Hop[]; sight: Sight<'payment'> }[]) {
    engine.seeBehind(hops, sight);
    received += 1;
  }
});
const mask = half === -1 ? 3 : 1 << half;

parentPort!.postMessage('ready', []);
await once(parentPort!, 'message');
for (let from = 0; from < lines.length; from += batchRecords) {
  const forwards: object[] = [];
  for (let at = from; at < from + batchRecords; at += 1) {
    if ((reaches[at]! & mask) === 0) continue;
    const sight = JSON.parse(lines[at]!) as Sight<'payment'>;
    engine.see({ ...sight, keys: keysOf('payment', sight.record) } as Sight<'payment'>);
    const hops = engine.behind();
    if (hops.length > 0) forwards.push({ hops, sight });
  }
  if (forwards.length > 0) port.postMessage(JSON.stringify(forwards));
  await setImmediate();
}
parentPort!.postMessage({ received }, []);
