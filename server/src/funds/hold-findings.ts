import type { Alerts } from '../alerts/alerts.ts';

type Finding = Parameters<Alerts['raise']>[1][number];

/** What officers are alerted to; nobody else is told. */
export const fundsFinding = (
  code: string,
  subject: string,
  params: Finding['params'],
  rank: Finding['rank'],
  atMs: number,
): Finding => ({ kind: 'funds', subject, code, params, rank, atMs, discreet: false, tellable: false });
