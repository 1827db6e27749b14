import type { Purpose } from './purposes.ts';

/** The server said no, or could not be reached; `code` has a sentence in `locales/<lang>/refusals.json`. */
export class Refused extends Error {
  override name = 'Refused';
  readonly code: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  /** 0 if no answer came. */
  readonly status: number;
  readonly requestId: string | undefined;

  constructor(answer: { code: string; params?: Refused['params']; status: number; requestId?: string }) {
    super(answer.code);
    this.code = answer.code;
    this.params = answer.params ?? {};
    this.status = answer.status;
    this.requestId = answer.requestId;
  }

  /** Whether asking again may help: the server is down or busy, or the line is. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 503 || this.status === 502 || this.status === 504;
  }
}

export interface CallOptions {
  readonly body?: unknown;
  /** Undefined values are left out. */
  readonly query?: object;
  /** Why personal data is read; recorded by the server. */
  readonly purpose?: Purpose | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What the desk does when the session is over, or the server asks to prove again who one is. Resolves to whether to try again. */
export interface Gate {
  signInAgain(): Promise<boolean>;
  stepUp(): Promise<boolean>;
}

let gate: Gate = { signInAgain: async () => false, stepUp: async () => false };

export function setGate(opened: Gate): void {
  gate = opened;
}

/** Calls the server in this browser's session. Throws `Refused`. */
export async function call<Answer>(method: Method, path: string, options: CallOptions = {}): Promise<Answer> {
  const response = await answered(method, path, options);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

export const get = <Answer>(path: string, options?: CallOptions): Promise<Answer> => call('GET', path, options);
export const post = <Answer>(path: string, body: unknown = {}, options?: CallOptions): Promise<Answer> =>
  call('POST', path, { ...options, body });

/** The same for what is no JSON: a file to download, a letter. */
export async function callForBlob(path: string, options: CallOptions = {}): Promise<Blob> {
  return (await answered('GET', path, options)).blob();
}

/** The whole answer, for what its headers say beside the body. */
export const callForResponse = (path: string, options: CallOptions = {}): Promise<Response> =>
  answered('GET', path, options);

async function answered(method: Method, path: string, options: CallOptions): Promise<Response> {
  const first = await sent(method, path, options);
  if (first.ok) return first;
  const refused = await refusedOf(first);
  if (!(await mayGoOn(refused))) throw refused;
  const second = await sent(method, path, options);
  if (second.ok) return second;
  throw await refusedOf(second);
}

/** Said of a password that was typed, never of the session. */
const aboutPassword = ['unauthenticated.sign-in', 'unauthenticated.locked'];

/** Whoever is not signed in, or must prove again who they are, does so without losing the page. */
async function mayGoOn({ code, status }: Refused): Promise<boolean> {
  if (code === 'forbidden.step-up') return gate.stepUp();
  return status === 401 && !aboutPassword.includes(code) ? gate.signInAgain() : false;
}

async function sent(method: Method, path: string, options: CallOptions): Promise<Response> {
  const { body, purpose, signal, headers } = options;
  const isRaw = body instanceof Blob || typeof body === 'string';
  try {
    return await fetch(path + queryText(options.query), {
      method,
      credentials: 'same-origin',
      headers: {
        'drum-desk': '1',
        ...(purpose !== undefined && { 'drum-purpose': purpose }),
        ...(body !== undefined && !isRaw && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Refused({ code: 'family.offline', status: 0 });
  }
}

export function queryText(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '' && value !== null);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

async function refusedOf(response: Response): Promise<Refused> {
  const { status } = response;
  const problem = (await response.json().catch(() => undefined)) as
    | { code?: string; params?: Refused['params']; requestId?: string }
    | undefined;
  return new Refused({
    code: problem?.code ?? (status >= 500 ? 'family.defect' : 'family.other'),
    status,
    ...(problem?.params !== undefined && { params: problem.params }),
    ...(problem?.requestId !== undefined && { requestId: problem.requestId }),
  });
}
