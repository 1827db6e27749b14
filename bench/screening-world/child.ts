import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that answers questions, one at a time. */
export interface Child {
  ask<T>(question: object): Promise<T>;
  close(): Promise<void>;
}

export function startChild(file: URL): Child {
  const child: ChildProcess = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
  let waiting: PromiseWithResolvers<unknown> | undefined;
  child.on('message', (answer) => waiting?.resolve(answer));
  child.on('exit', () => waiting?.reject(new Error(`${file.pathname} ended by itself`)));
  return {
    ask<T>(question: object): Promise<T> {
      waiting = Promise.withResolvers<unknown>();
      child.send(question);
      return waiting.promise as Promise<T>;
    },
    async close() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** The other side: answers until the asker is gone. Whoever asks and answers agrees on what may be asked. */
export function answerAsker(answer: (question: never) => Promise<object>, close: () => Promise<void>): void {
  process.on('message', (question) => {
    answer(question as never).then(
      (value) => process.send!(value),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.on('disconnect', () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
