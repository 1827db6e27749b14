import type { Language } from '@bronze-drum/protocol/languages';
import type { OpenedSession } from '../../access/contract.ts';
import type { TracePage } from '../../funds/contract.ts';
import type { Conversation, RequestPage } from '../../liaison/contract.ts';
import type { Cast } from '@bronze-drum/simulator/story/cast';
import { castOf, institutionOf } from '@bronze-drum/simulator/story/casting';
import type { CommandError } from '../connection.ts';
import { readDemo, type DemoMember } from './demo.ts';
import { deskRoles, looksOf, type Look } from './hub-looks.ts';
import { answerOf, send } from './officer-session.ts';
import type { Seat } from './plan.ts';

/** Whom one click makes, and where it leads. */
export interface Entering {
  readonly member: string;
  /** A role, or an institution's id or part of the story. */
  readonly as: string;
  readonly look?: Look;
  /** Which telling of the story the look belongs to. */
  readonly run: number;
  /** The page's: the desk that opens speaks it too. */
  readonly language: Language;
}

export type Entered =
  /** The address bears a session or key behind its `#`: it is for the browser that clicked, and for nobody's log. */
  { readonly location: string } | { readonly refused: 'unknown' | 'notReady' | 'refused' };

export const demoBank = 'demo-bank';
const requestsLookedAt = 20;

/** Reads what a button of the page asks for: `/enter/th/duty-officer`, `/enter/th/demo-bank`, `/look/the-report/0`. */
export function enteringOf(path: string, run: number, language: Language): Entering | undefined {
  const [, verb, first = '', second = '', ...more] = path.split('/');
  const how = { run, language };
  if (more.length > 0) return undefined;
  if (verb === 'enter') {
    const isKnown = second === demoBank || deskRoles.some((role) => role === second);
    return isKnown ? { member: first, as: second, ...how } : undefined;
  }
  if (verb !== 'look' || !/^\d$/.test(second)) return undefined;
  const look = looksOf(first)[Number(second)];
  return look === undefined ? undefined : { member: look.member, as: look.as, look, ...how };
}

/**
 * Signs a demo officer in at their own server, as the desk would, or takes a demo institution's key: the desk's page adopts
 * what stands behind the `#`. The password stays here.
 */
export async function enter(data: string, seats: readonly Seat[], entering: Entering): Promise<Entered> {
  const seat = seats.find(({ member }) => member === entering.member);
  const demo = (await readDemo(data))?.members[entering.member];
  if (seat === undefined || demo === undefined) return { refused: 'unknown' };
  return deskRoles.some((role) => role === entering.as)
    ? enterOfficer(seat, demo, entering)
    : enterInstitution(seat, demo, entering);
}

function enterInstitution({ address }: Seat, { institutions }: DemoMember, entering: Entering): Entered {
  const { member, as, look, language } = entering;
  const id = look === undefined ? as : institutionOf(member, as);
  const key = institutions.find(({ institution }) => institution === id)?.key;
  if (key === undefined) return { refused: 'notReady' };
  const path = look === undefined ? undefined : '/institution/orders';
  return { location: `${address}/enter/institution${wayTo(path, language)}#${key}` };
}

async function enterOfficer({ address }: Seat, { officers }: DemoMember, entering: Entering): Promise<Entered> {
  const found = officers.find(({ roles }) => roles.includes(entering.as));
  if (found === undefined) return { refused: 'unknown' };
  const { officer, password } = found;
  try {
    const answer = await send(address, undefined, 'POST', '/v1/sessions', { officer, password });
    const { token } = await answerOf<OpenedSession>(answer);
    const { look, run, language } = entering;
    const path = look === undefined ? undefined : await pathOf(look, castOf(run), address, token);
    return { location: `${address}/enter${wayTo(path, language)}#${token}` };
  } catch (error) {
    const { code } = error as CommandError;
    return { refused: code?.startsWith('unauthenticated.') || code?.startsWith('forbidden.') ? 'refused' : 'notReady' };
  }
}

const wayTo = (path: string | undefined, language: Language): string =>
  `?lang=${language}${path === undefined ? '' : `&to=${encodeURIComponent(path)}`}`;

/** The path on the desk: to the thing itself where it is there already, else to the list in which it will appear. */
async function pathOf(look: Look, cast: Cast, address: string, token: string): Promise<string> {
  const ask = async <T>(path: string): Promise<T> => answerOf<T>(await send(address, token, 'GET', path));
  const key = cast[look.about ?? ''] ?? '';
  const subject = encodeURIComponent(key);
  switch (look.view) {
    case 'situation':
      return '/';
    case 'federation':
    case 'orders':
      return `/${look.view}`;
    case 'alerts':
      return `/alerts?subject=${subject}`;
    case 'identifier':
      return `/identifiers/${subject}`;
    case 'trace': {
      const trace = await traceOf(ask, subject);
      return trace === undefined ? '/traces' : `/traces/${trace}`;
    }
    case 'holds': {
      const trace = await traceOf(ask, subject);
      return trace === undefined ? '/holds' : `/holds?trace=${trace}`;
    }
    default: {
      const request = await requestOf(ask, look.member === 'th' ? 'out' : 'in', key);
      return request === undefined ? '/requests' : `/requests/${request}`;
    }
  }
}

type Asking = <T>(path: string) => Promise<T>;

/** Not being able to tell is no reason not to open the desk. */
async function traceOf(ask: Asking, account: string): Promise<string | undefined> {
  const page = await ask<TracePage>(`/v1/traces?account=${account}&limit=1`).catch(() => undefined);
  return page?.traces[0]?.id;
}

/** The newest of the latest requests to go on with a trace that names the account. */
async function requestOf(ask: Asking, direction: 'in' | 'out', account: string): Promise<string | undefined> {
  const query = `kind=continue-trace&direction=${direction}&limit=${requestsLookedAt}`;
  const page = await ask<RequestPage>(`/v1/requests?${query}`).catch(() => undefined);
  for (const { id } of page?.requests ?? []) {
    const conversation = await ask<Conversation>(`/v1/requests/${id}`).catch(() => undefined);
    if (JSON.stringify(conversation?.body ?? {}).includes(`"${account}"`)) return id;
  }
  return undefined;
}
