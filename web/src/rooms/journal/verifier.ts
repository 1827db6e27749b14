import type { DeskProof } from '../../../../server/src/journal/contract.ts';
import type { Proven, Seen } from '../../link/proving.ts';
import type { Task, TaskAnswer } from './verify-tasks.ts';
import type { BookChecked, HeldBook, Remembered } from './verifying.ts';

export interface Verifier {
  book(book: HeldBook, before: Remembered | undefined, path: readonly string[] | undefined): Promise<BookChecked>;
  entry(proof: DeskProof, seen: Seen): Promise<Proven>;
  close(): void;
}

type Asked = Task extends infer One ? (One extends Task ? Omit<One, 'id'> : never) : never;

/** Verifies in a worker. What is still asked when it is closed, or breaks, is refused. */
export function openVerifier(): Verifier {
  const worker = new Worker(new URL('./verify-worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (answer: TaskAnswer) => void>();
  let lastId = 0;
  const endAll = (why: string): void => {
    for (const [id, settle] of waiting) settle({ id, kind: 'broken', why });
    waiting.clear();
  };
  worker.addEventListener('message', ({ data }: MessageEvent<TaskAnswer>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  worker.addEventListener('error', ({ message }) => endAll(message));
  const ask = (task: Asked): Promise<TaskAnswer> =>
    new Promise((settle) => {
      lastId += 1;
      waiting.set(lastId, settle);
      // The other end is this page's own worker: there is no origin to name.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      worker.postMessage({ ...task, id: lastId });
    });
  return {
    async book(book, before, path) {
      const answer = await ask({ kind: 'book', book, before, path });
      if (answer.kind !== 'book') throw new Error(answer.kind === 'broken' ? answer.why : answer.kind);
      return answer.checked;
    },
    async entry(proof, seen) {
      const answer = await ask({ kind: 'entry', proof, seen });
      if (answer.kind !== 'entry') throw new Error(answer.kind === 'broken' ? answer.why : answer.kind);
      return answer.proven;
    },
    close() {
      worker.terminate();
      endAll('closed');
    },
  };
}
