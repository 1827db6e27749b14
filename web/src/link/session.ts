import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { get, Refused } from './call.ts';

/** Who is signed in at this desk. */
export interface OfficerSession {
  readonly kind: 'officer';
  readonly member: string;
  readonly officer: string;
  readonly name: string;
  readonly office: { readonly id: string; readonly name: string; readonly kind: string };
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly expiresAt: string | null;
  readonly endsAt: string | null;
  readonly steppedUpUntil: string | null;
}

export interface InstitutionSession {
  readonly kind: 'institution';
  readonly member: string;
  readonly institution: string;
  readonly name: string;
  readonly institutionKind: string;
  readonly clerk: string;
  readonly permissions: readonly string[];
  readonly expiresAt: string | null;
  readonly endsAt: string | null;
}

export type Session = OfficerSession | InstitutionSession;

/** What anybody may know of this server. */
export interface Desk {
  readonly member: string;
  readonly needsSetUp: boolean;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** The session within the desk: there always is one there. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('no session outside of the desk');
  return session;
}

/** The officer's session; only for screens that institutions never see. */
export function useOfficer(): OfficerSession {
  const session = useSession();
  if (session.kind !== 'officer') throw new Error('a screen for officers');
  return session;
}

/** The session of somebody at an institution; only for screens that officers never see. */
export function useInstitution(): InstitutionSession {
  const session = useSession();
  if (session.kind !== 'institution') throw new Error('a screen for institutions');
  return session;
}

/** Whether the server will let this person do it; what it says in the end is what counts. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}

export const deskQuery = queryOptions({
  queryKey: ['/v1/desk'],
  queryFn: () => get<Desk>('/v1/desk'),
  staleTime: Infinity,
});
export const useDesk = () => useQuery(deskQuery);

export const sessionQuery = queryOptions({
  queryKey: ['/v1/desk/session'],
  queryFn: sessionOrNull,
  staleTime: 60_000,
});

/** Nobody signed in is an answer here, not a refusal that asks to sign in over a page. */
async function sessionOrNull(): Promise<Session | null> {
  const response = await fetch('/v1/desk/session', { credentials: 'same-origin', headers: { 'drum-desk': '1' } }).catch(
    () => undefined,
  );
  if (response === undefined) throw new Refused({ code: 'family.offline', status: 0 });
  if (response.status === 401) return null;
  return response.ok ? ((await response.json()) as Session) : get<Session>('/v1/desk/session');
}

/** For whoever has just signed in: forgets what the one before may have seen, and reads who is here now. */
export function useNewSession(): () => void {
  const client = useQueryClient();
  return () => {
    const kept = ['/v1/desk/session', '/v1/desk'];
    client.removeQueries({ predicate: ({ queryKey }) => !kept.includes(String(queryKey[0])) });
    for (const path of kept) void client.invalidateQueries({ queryKey: [path], exact: true });
  };
}
