import type { OpenedSession } from '../../access/contract.ts';
import { refusalOf, type CommandError } from '../connection.ts';

export type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Sends one call with a bearer's key or token. */
export async function send(
  address: string,
  bearer: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  return fetch(`${address}${path}`, {
    method,
    headers: {
      'drum-purpose': 'alert',
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** The answer's JSON; throws a CommandError for a refusal. */
export async function answerOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw await refusalOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/**
 * Calls as an officer who signs in when first needed, again when the session has ended, and proves again who they are
 * where an act of weight asks for it.
 */
export function openOfficerSession(address: string, who: { officer: string; password: string }): Ask {
  let token: Promise<string> | undefined;
  const signIn = async (): Promise<string> =>
    (await answerOf<OpenedSession>(await send(address, undefined, 'POST', '/v1/sessions', who))).token;
  async function inSession<T>(method: string, path: string, body?: unknown): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      token ??= signIn();
      const bearer = await token.catch((error: unknown) => {
        token = undefined;
        throw error;
      });
      const response = await send(address, bearer, method, path, body);
      if (response.status !== 401 || tries > 0) return answerOf<T>(response);
      token = undefined;
    }
  }
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    try {
      return await inSession<T>(method, path, body);
    } catch (error) {
      if ((error as CommandError).code !== 'forbidden.step-up') throw error;
      await inSession('POST', '/v1/sessions/step-up', { password: who.password });
      return inSession<T>(method, path, body);
    }
  };
}
