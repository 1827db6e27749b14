import type { AlertCounts } from '../../alerts/contract.ts';
import type { Links } from '../../federation/contract.ts';
import { connect } from '../connection.ts';

/** How it stands with a member's server, as it says itself. */
export interface Standing {
  readonly ready: boolean;
  /** Undefined when it does not answer. */
  readonly hears?: Hearing;
  readonly alerts?: Alerting;
}

/** What waits at a member's desks. */
export interface Alerting {
  readonly open: number;
  /** Money or life is moving, or it is to be looked at today. */
  readonly urgent: number;
}

export interface Hearing {
  /** Neighbours that it hears now. */
  readonly live: number;
  /** Neighbours that its directory names. */
  readonly of: number;
  readonly isCutOff: boolean;
  /** Statements of neighbours that they have shown, and that not all of its rooms have handled. */
  readonly behind: number;
}

const answerMsMax = 1500;

/** Asks a server of this machine with its own operator's key. */
export async function standingOf(data: string, member: string, address: string): Promise<Standing> {
  try {
    const signal = AbortSignal.timeout(answerMsMax);
    if (!(await fetch(`${address}/readyz`, { signal })).ok) return { ready: false };
    const { headers } = await connect({ data, member });
    const [links, counts] = await Promise.all(
      ['/v1/federation/links', '/v1/alerts/counts'].map((path) => fetch(`${address}${path}`, { headers, signal })),
    );
    return {
      ready: true,
      ...(links?.ok === true && { hears: hearingOf((await links.json()) as Links) }),
      ...(counts?.ok === true && { alerts: alertingOf((await counts.json()) as AlertCounts) }),
    };
  } catch {
    return { ready: false };
  }
}

function alertingOf({ counts }: AlertCounts): Alerting {
  const sum = (of: AlertCounts['counts']): number => of.reduce((total, { count }) => total + count, 0);
  return { open: sum(counts), urgent: sum(counts.filter(({ priority }) => priority === 'P1' || priority === 'P2')) };
}

export function hearingOf({ links }: Pick<Links, 'links'>): Hearing {
  const lags = links.flatMap(({ reads }) => reads.map(({ size, applied }) => Math.max(0, size - applied)));
  return {
    live: links.filter(({ state }) => state === 'live').length,
    of: links.length,
    isCutOff: links.some(({ state }) => state === 'isolated'),
    behind: lags.reduce((sum, lag) => sum + lag, 0),
  };
}
