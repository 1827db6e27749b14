import { homeOf } from '@bronze-drum/protocol/identifiers/home';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import type { TraceReportBody } from '@bronze-drum/protocol/statements/trace-report';
import { instantMs, instantText } from '../kernel/clock.ts';
import type { TraceSummary } from './contract.ts';
import type { Followed } from './picture.ts';

type Crossing = TraceSummary['crossings'][number];

const crossingsMax = 20;

/** From where to where stolen money crossed borders: one line for each two countries, the largest amounts first. */
export function crossingsOf(
  trace: { readonly currency: string; readonly from_member: string | null },
  followed: Followed,
  asked: readonly { readonly member: string; readonly report: TraceReportBody | null }[],
): Crossing[] {
  const sums = new Map<string, { from: string; to: string; minor: bigint; firstMs: number; atMs: number }>();
  const add = (from: string | undefined, to: string | undefined, minor: bigint, atMs: number): void => {
    if (from === undefined || to === undefined || from === to) return;
    const known = sums.get(`${from} ${to}`) ?? { from, to, minor: 0n, firstMs: atMs, atMs };
    sums.set(`${from} ${to}`, {
      from,
      to,
      minor: known.minor + minor,
      firstMs: Math.min(known.firstMs, atMs),
      atMs: Math.max(known.atMs, atMs),
    });
  };
  const here = new Map(followed.places.map(({ place, member }) => [place, member]));
  for (const { from, to, stolen, atMs, payment } of followed.edges) {
    const payer = payment?.from === undefined ? undefined : homeOf(payment.from as Key);
    const left = (from === null ? undefined : here.get(from)) ?? payer ?? trace.from_member ?? undefined;
    add(left, here.get(to), BigInt(stolen), atMs);
  }
  // What a member that was asked passed on; how it came there stands among our own steps.
  for (const { member, report } of asked) {
    const there = new Map(report?.places.map((place) => [place.place, place.member ?? member]));
    for (const place of report?.places ?? [])
      for (const step of place.to)
        add(there.get(place.place), there.get(step.place), BigInt(step.amount.value), instantMs(step.at));
  }
  return [...sums.values()]
    .sort((a, b) => (a.minor > b.minor ? -1 : a.minor < b.minor ? 1 : a.atMs - b.atMs))
    .slice(0, crossingsMax)
    .map(({ from, to, minor, firstMs, atMs }) => ({
      from,
      to,
      amount: { value: String(minor), currency: trace.currency },
      at: instantText(atMs),
      ...(firstMs < atMs && { firstAt: instantText(firstMs) }),
    }));
}
