import type { CSSProperties, ReactElement } from 'react';
import type { Shift } from '../../../../server/src/liaison/roster-contract.ts';
import { timeZoneOf, useFormat } from '../../ui/format.ts';
import { dayStartMs } from '../../ui/local-time.ts';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import { gapsOf } from './coverage.ts';

interface WeekProps {
  readonly shifts: readonly Shift[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly nowMs: number;
  readonly zone: string | null;
}

/** A week from left to right, an officer on each line; above them, when nobody is on duty. The list below says the same in words. */
export function WeekGrid({ shifts, fromMs, untilMs, nowMs, zone }: WeekProps): ReactElement {
  const { t } = useWords('liaison');
  const format = useFormat();
  const memberName = useMemberName();
  const wholeMs = untilMs - fromMs;
  const place = (atMs: number): number => (100 * (Math.min(untilMs, Math.max(fromMs, atMs)) - fromMs)) / wholeMs;
  const spanOf = (beginMs: number, endMs: number): CSSProperties => ({
    insetInlineStart: `${place(beginMs)}%`,
    inlineSize: `${place(endMs) - place(beginMs)}%`,
  });
  const days = Array.from({ length: 7 }, (_, day) => dayStartMs(fromMs, zone, day));
  const officers = [...new Set(shifts.map(({ officer }) => officer))].sort();
  const gaps = gapsOf(shifts, fromMs, untilMs);
  const titleOf = ({ officer, from, until }: Shift): string =>
    [
      `${officer}: ${format.instant(from)} – ${format.instant(until)}`,
      ...Object.entries(timeZoneOf).map(
        ([code, place]) => `${memberName(code)}: ${format.instant(from, place)} – ${format.instant(until, place)}`,
      ),
    ].join('\n');
  return (
    <div className="liaison-week" role="img" aria-label={t('week.label', { count: shifts.length })}>
      <div className="liaison-week-row head">
        <span />
        <div className="liaison-week-days">
          {days.map((atMs) => (
            <span key={atMs} style={{ insetInlineStart: `${place(atMs)}%` }}>
              {format.weekday(atMs, zone ?? undefined)}
            </span>
          ))}
        </div>
      </div>
      <div className="liaison-week-row">
        <span className="soft">{t('week.nobody')}</span>
        <div className="liaison-week-line">
          {gaps.map(([beginMs, endMs]) => (
            <span
              key={beginMs}
              className="liaison-week-bar gap"
              style={spanOf(beginMs, endMs)}
              title={`${t('week.nobody')}: ${format.instant(beginMs)} – ${format.instant(endMs)}`}
            />
          ))}
          <NowLine at={place(nowMs)} isShown={nowMs > fromMs && nowMs < untilMs} />
        </div>
      </div>
      {officers.map((officer) => (
        <div key={officer} className="liaison-week-row">
          <span className="liaison-week-name">{officer}</span>
          <div className="liaison-week-line">
            {shifts
              .filter((shift) => shift.officer === officer)
              .map((shift) => (
                <span
                  key={shift.id}
                  className={`liaison-week-bar ${shift.handedOver ? 'over' : ''}`}
                  style={spanOf(Date.parse(shift.from), Date.parse(shift.until))}
                  title={titleOf(shift)}
                />
              ))}
            <NowLine at={place(nowMs)} isShown={nowMs > fromMs && nowMs < untilMs} />
          </div>
        </div>
      ))}
    </div>
  );
}

function NowLine({ at, isShown }: { at: number; isShown: boolean }): ReactElement | null {
  return isShown ? <span className="liaison-week-now" style={{ insetInlineStart: `${at}%` }} /> : null;
}
