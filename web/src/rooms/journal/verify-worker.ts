import { prove } from '../../link/proving.ts';
import { checkBook } from './verifying.ts';
import type { Task, TaskAnswer } from './verify-tasks.ts';

/** Verifies beside the page, so that it stays quick: what is asked and answered is in verify-tasks.ts. */
const scope = globalThis as unknown as {
  addEventListener(name: 'message', hear: (event: MessageEvent<Task>) => void): void;
  postMessage(answer: TaskAnswer): void;
};

async function answerOf(task: Task): Promise<TaskAnswer> {
  const { id, kind } = task;
  try {
    return kind === 'book'
      ? { id, kind, checked: await checkBook(task.book, task.before, task.path) }
      : { id, kind, proven: await prove(task.proof, task.seen) };
  } catch (error) {
    return { id, kind: 'broken', why: String(error) };
  }
}

async function answer(task: Task): Promise<void> {
  const said = await answerOf(task);
  // The other end is the page that opened this worker: there is no origin to name.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  scope.postMessage(said);
}

scope.addEventListener('message', ({ data }) => void answer(data));
