import { within, type Runtime } from './runtime.ts';
import { ClientOutage, ClientRefused, troubleOf } from './trouble.ts';

/** No answer is read further than this. */
const answerBytesMax = 64 * 1024 * 1024;
const problemBytesMax = 64 * 1024;

export interface Sending {
  readonly body?: string;
  /** By default JSON. */
  readonly contentType?: string;
  readonly msMax?: number;
  readonly ended?: AbortSignal;
}

/** Requests to one server with one key. Throws ClientRefused, ClientOutage, or the reason of `ended`. */
export interface Wire {
  /** The answer's JSON; undefined if the answer has no body. */
  call(method: string, path: string, sending?: Sending): Promise<unknown>;
  /** An answer without end, whose body is the caller's to read until the connection is aborted. */
  open(path: string, headers: Readonly<Record<string, string>>, connection: AbortController): Promise<Response>;
}

export interface WireOptions {
  readonly server: string;
  readonly key: string | (() => string | Promise<string>);
  readonly fetch: typeof fetch;
  readonly runtime: Runtime;
  readonly requestMsMax: number;
  readonly purpose: string | undefined;
}

export function openWire(options: WireOptions): Wire {
  const { runtime, requestMsMax } = options;
  const root = rootOf(options.server);
  if (typeof options.key === 'string') checkKey(options.key);

  async function request(method: string, path: string, sending: Sending, more: object, signal: AbortSignal) {
    const key = typeof options.key === 'string' ? options.key : await options.key();
    checkKey(key);
    const { body, contentType = 'application/json' } = sending;
    return options.fetch(`${root}${path}`, {
      method,
      signal,
      // A key goes to the server that it was given for, and nowhere else.
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${key}`,
        ...(options.purpose !== undefined && { 'drum-purpose': options.purpose }),
        ...(body !== undefined && { 'content-type': contentType }),
        ...more,
      },
      ...(body !== undefined && { body }),
    });
  }

  /** What every failure below the answer is: the world's. */
  async function attempt<T>(sending: Sending, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await within(sending.msMax ?? requestMsMax, sending.ended, work);
    } catch (error) {
      sending.ended?.throwIfAborted();
      if (error instanceof ClientRefused || error instanceof ClientOutage) throw error;
      const late = error instanceof DOMException && error.name === 'TimeoutError';
      throw new ClientOutage(late ? 'late' : 'unreachable', 0, undefined, { cause: error });
    }
  }

  const refusedBy = async (response: Response): Promise<Error> => {
    const text = await textOf(response, problemBytesMax).catch(() => '');
    return troubleOf(response.status, response.headers.get('retry-after'), text, runtime.now());
  };

  return {
    call: (method, path, sending = {}) =>
      attempt(sending, async (signal) => {
        const response = await request(method, path, sending, {}, signal);
        if (!response.ok) throw await refusedBy(response);
        const text = await textOf(response, answerBytesMax);
        if (text === '') return undefined;
        try {
          return JSON.parse(text) as unknown;
        } catch (cause) {
          throw new ClientOutage('unreadable', response.status, undefined, { cause });
        }
      }),
    async open(path, headers, connection) {
      try {
        return await attempt({ ended: connection.signal }, async () => {
          const response = await request('GET', path, {}, headers, connection.signal);
          if (!response.ok) throw await refusedBy(response);
          return response;
        });
      } catch (error) {
        connection.abort();
        throw error;
      }
    },
  };
}

function rootOf(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const isUsable =
    url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '';
  if (!isUsable) throw new ClientRefused({ refused: 'client.server' });
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** What cannot be in a header would otherwise be quoted in an error. */
function checkKey(key: unknown): void {
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(key)) throw new ClientRefused({ refused: 'client.key' });
}

async function textOf(response: Response, bytesMax: number): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new ClientOutage('unreadable', response.status, undefined, { cause });
    }
  };
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decode();
    bytes += value.byteLength;
    if (bytes > bytesMax) {
      await reader.cancel();
      throw new ClientOutage('unreadable', response.status);
    }
    text += decode(value);
  }
}

/** `?a=1&b=x`, or nothing. */
export function queryOf(query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const said = Object.entries(query).filter(([, value]) => value !== undefined);
  return said.length === 0
    ? ''
    : `?${new URLSearchParams(said.map(([name, value]) => [name, String(value)])).toString()}`;
}

/** An answer that has at least these fields. Throws ClientOutage for any other: it is not the server that answered. */
export function readFields<T>(answer: unknown, fields: { readonly [F in keyof T]?: (value: unknown) => boolean }): T {
  const said = (typeof answer === 'object' && answer !== null ? answer : {}) as Readonly<Record<string, unknown>>;
  const isWhole = Object.entries(fields).every(([name, holds]) => (holds as (value: unknown) => boolean)(said[name]));
  if (!isWhole) throw new ClientOutage('unreadable', 200);
  return said as T;
}
