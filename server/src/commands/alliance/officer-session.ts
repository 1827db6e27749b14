import type { OpenedSession } from '../../access/contract.ts';
import { refusalOf } from '../connection.ts';

export type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Calls as an officer who signs in when first needed, and again when the session has ended. */
export function openOfficerSession(address: string, who: { officer: string; password: string }): Ask {
  let token: Promise<string> | undefined;
  const signIn = async (): Promise<string> => {
    const response = await send('POST', '/v1/sessions', who);
    if (!response.ok) throw await refusalOf(response);
    return ((await response.json()) as OpenedSession).token;
  };
  async function send(method: string, path: string, body?: unknown, bearer?: string): Promise<Response> {
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
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    for (let tries = 0; ; tries += 1) {
      token ??= signIn();
      const response = await send(
        method,
        path,
        body,
        await token.catch((error: unknown) => {
          token = undefined;
          throw error;
        }),
      );
      if (response.ok) return (await response.json()) as T;
      if (response.status !== 401 || tries > 0) throw await refusalOf(response);
      token = undefined;
    }
  };
}
