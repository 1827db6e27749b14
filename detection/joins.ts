import type { ActivityKind } from '@bronze-drum/protocol/activity/kinds';
import { hostOf } from '@bronze-drum/protocol/identifiers/url';
import type { Sight } from './sight.ts';

/**
 * By what detectors join records, where that is no identifier: a cell, an institution's own name of a device, a sender's shown
 * name, the host of a link. Where several processes share the records, each must reach the processes of these too, and the process
 * that owns the join is the one that finds.
 */

export const cellJoin = (cell: string): string => `cell:${cell}`;

/** An IMEI is one device everywhere; any other text is what one institution calls it, and means nothing to another. */
export const deviceJoin = (institution: string, device: string): string =>
  device.startsWith('device:') ? device : `device-of:${institution}/${device}`;

/** Who sends: the number, address or handle; else the name that is shown. */
export const senderJoin = ({ originating, presented }: { originating?: string; presented?: string }): string =>
  originating ?? `shown:${presented}`;

/** Where a link leads: the key of its host. */
export function hostJoin(link: string): string {
  if (!link.startsWith('url:')) return link;
  const host = hostOf(link.slice(4));
  return /^[\d.]+$|:/.test(host) ? `ip:${host}` : `domain:${host}`;
}

/** What a record is joined by, besides its identifiers. */
export function joinsOf({ kind, institution, record }: Pick<Sight, 'kind' | 'institution' | 'record'>): string[] {
  const joins: string[] = [];
  const said = record as { device?: string; cell?: string; originating?: string; presented?: string };
  if (said.device !== undefined && !said.device.startsWith('device:')) joins.push(deviceJoin(institution, said.device));
  if (said.cell !== undefined) joins.push(cellJoin(said.cell));
  if (isMessage(kind) && said.originating === undefined) joins.push(senderJoin(said));
  return joins;
}

const isMessage = (kind: ActivityKind): boolean => kind === 'message';
