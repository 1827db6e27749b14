import type { ReactElement } from 'react';
import { useFormat } from './format.ts';
import { Ring, type Tone } from './mark.tsx';
import { useAtNow, useNow } from './now.ts';
import { useWords } from './words.ts';

/** An instant in this officer's time; `short` leaves out the day if it is today, and the whole is there on hover. */
export function Instant({ at, short = false }: { at: string; short?: boolean }): ReactElement {
  const format = useFormat();
  return (
    <time dateTime={at} className="nowrap" title={format.instant(at)}>
      {short ? format.time(at) : format.instant(at)}
    </time>
  );
}

/** `3 min ago`, moving. */
export function Ago({ at }: { at: string }): ReactElement {
  const format = useFormat();
  const text = useAtNow((nowMs) => format.fromNow(at, nowMs));
  return (
    <time dateTime={at} className="nowrap" title={format.instant(at)}>
      {text}
    </time>
  );
}

/**
 * Time that runs out: what is left, in the colour of how much. `from` is when it began, for the ring. After its end it says since when it is
 * over: the server decides what follows, not this clock.
 */
export function Countdown({ until, from }: { until: string; from?: string | undefined }): ReactElement {
  const { t } = useWords('ui');
  const format = useFormat();
  const nowMs = useNow();
  const endMs = Date.parse(until);
  const leftMs = endMs - nowMs;
  const wholeMs = from === undefined ? undefined : endMs - Date.parse(from);
  const share = wholeMs === undefined || wholeMs <= 0 ? undefined : leftMs / wholeMs;
  const tone = toneOf(leftMs, share);
  return (
    <span
      className={`tone-${tone} nowrap`}
      style={{ color: 'var(--tone)', display: 'inline-flex', gap: '0.35em', alignItems: 'center' }}
      title={format.instant(until)}
    >
      {share === undefined ? null : <Ring share={share} size={14} tone={tone} />}
      <span>{leftMs > 0 ? format.duration(leftMs) : t('clock.over', { time: format.duration(-leftMs) })}</span>
    </span>
  );
}

function toneOf(leftMs: number, share: number | undefined): Tone {
  if (leftMs <= 0) return 'cinnabar';
  if (share !== undefined) return share < 0.15 ? 'cinnabar' : share < 0.4 ? 'ochre' : 'stone';
  return leftMs < 10 * 60_000 ? 'cinnabar' : leftMs < 60 * 60_000 ? 'ochre' : 'stone';
}
