import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { ServerProcess } from '../../server/src/journeys/server-process.ts';

/** When each subject was first heard on the stream of an officer. */
export interface AlertStream {
  heardMs(subject: string): number | undefined;
  lastMs(): number;
  /** How many subjects were heard so far. */
  count(): number;
  /** Until so many subjects were heard, or nothing new came for `quietMs`. */
  until(count: number, quietMs: number): Promise<void>;
  close(): void;
}

const subjects = /"subject":"(account:TH:902:\d{10})"/g;

export async function openAlertStream(server: ServerProcess): Promise<AlertStream> {
  const body = { id: 'duty', office: 'national-centre', name: 'duty', roles: ['duty-officer', 'analyst'] };
  const { code } = await server.call('POST', '/v1/officers', body);
  const { token } = await server.call('POST', '/v1/sessions/one-time', {
    code,
    password: 'correct horse battery staple',
  });
  const heard = new Map<string, number>();
  let lastMs = performance.now();
  const request = get(`${server.address}/v1/stream`, {
    headers: { authorization: `Bearer ${token}`, 'drum-purpose': 'operation' },
  });
  const opened = Promise.withResolvers<void>();
  request.on('response', (response) => {
    opened.resolve();
    let rest = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      const nowMs = performance.now();
      rest += text;
      const end = rest.lastIndexOf('\n') + 1;
      for (const [, subject] of rest.slice(0, end).matchAll(subjects))
        if (!heard.has(subject!)) {
          heard.set(subject!, nowMs);
          lastMs = nowMs;
        }
      rest = rest.slice(end);
    });
  });
  request.on('error', () => undefined);
  await opened.promise;
  return {
    heardMs: (subject) => heard.get(subject),
    lastMs: () => lastMs,
    count: () => heard.size,
    async until(count, quietMs) {
      while (heard.size < count && performance.now() - lastMs < quietMs) await wait(50);
    },
    close: () => void request.destroy(),
  };
}
