import { Link } from '@tanstack/react-router';
import { useContext, type ReactElement } from 'react';
import { SessionContext } from '../link/session.ts';

/** A key's type and value: `phone:+6681…` is a phone. */
export function splitKey(key: string): { type: string; value: string } {
  const at = key.indexOf(':');
  return at === -1 ? { type: '', value: key } : { type: key.slice(0, at), value: key.slice(at + 1) };
}

/** Where a subject of an alert, a link or a list leads: an identifier's page, or the page of what it names. */
export function pathOf(subject: string): string | undefined {
  const { type, value } = splitKey(subject);
  const rooms: Readonly<Record<string, string>> = {
    request: '/requests/',
    order: '/orders/',
    hold: '/holds/',
    trace: '/traces/',
    appeal: '/appeals/',
    approval: '/approvals/',
  };
  if (type === 'party') return '/federation';
  if (type === 'institution') return undefined;
  const room = rooms[type];
  return room === undefined ? `/identifiers/${encodeURIComponent(subject)}` : `${room}${encodeURIComponent(value)}`;
}

/** An identifier as people read it, leading to its page; institutions have none. */
export function Identifier({ of, plain = false }: { of: string; plain?: boolean }): ReactElement {
  const text = captionOf(of);
  const path = useContext(SessionContext)?.kind === 'institution' ? undefined : pathOf(of);
  const shown = <span className="mono">{text}</span>;
  return plain || path === undefined ? shown : <Link to={path}>{shown}</Link>;
}

/** Grouped as such numbers are read aloud; the whole key stays in the link. */
export function captionOf(key: string): string {
  const { type, value } = splitKey(key);
  if (type === 'account') {
    const [country = '', bank = '', ...number] = value.split(':');
    return `${country} ${bank} ${grouped(number.join(':'))}`;
  }
  if (type === 'phone') return value.replace(/^(\+(?:85[56]|\d{2}))(\d{2,3})(\d{3})(\d+)$/, '$1 $2 $3 $4');
  return ['request', 'order', 'hold', 'trace', 'appeal', 'approval'].includes(type) ? shortId(value) : value;
}

/** The key of what somebody typed or pasted in any spelling, as this member's officers mean it; else the text itself. */
export async function keyOfText(text: string, member: string): Promise<string> {
  if (text === '') return text;
  const { guess } = await import('@bronze-drum/protocol/identifiers/identifiers');
  return guess(text, { country: member.toUpperCase() })[0] ?? text;
}

const grouped = (text: string): string =>
  /^[0-9A-Z]{7,}$/.test(text) ? (text.match(/.{1,4}/g) ?? []).join(' ') : text;

/** The last part of an id: enough to tell two apart on a screen, and what officers read to each other. */
export const shortId = (id: string): string => (id.length === 36 ? id.slice(-8) : id);
