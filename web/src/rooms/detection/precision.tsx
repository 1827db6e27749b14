import type { ReactElement } from 'react';
import type { DetectorState } from '../../../../server/src/detection/contract.ts';
import { useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './detection.css';

/** What officers made of its alerts, as a bar with the counts; honest where too few were judged to say a share. */
export function Precision({ judged }: { judged: DetectorState['judged'] }): ReactElement {
  const { t } = useWords('detection');
  const format = useFormat();
  const { right, wrong, precision } = judged;
  const all = right + wrong;
  if (all === 0) return <span className="faint">{t('precision.none')}</span>;
  const counts = t('precision.counts', { right: format.number(right), wrong: format.number(wrong) });
  return (
    <span className="detection-precision" title={counts}>
      <span className="detection-bar" aria-hidden>
        <span className="detection-right" style={{ inlineSize: `${(100 * right) / all}%` }} />
        <span className="detection-wrong" style={{ inlineSize: `${(100 * wrong) / all}%` }} />
      </span>
      <span className="detection-counts">
        {precision === null ? (
          <span className="faint">{t('precision.few')}</span>
        ) : (
          <strong>{format.percent(precision)}</strong>
        )}{' '}
        <span className="soft">{counts}</span>
      </span>
    </span>
  );
}

const modeTones: Readonly<Record<string, Tone>> = { on: 'patina', shadow: 'indigo', off: 'stone' };

export function ModeTag({ mode }: { mode: string }): ReactElement {
  const { t } = useWords('detection');
  return <Tag tone={modeTones[mode] ?? 'stone'}>{t(`terms:detectorMode.${mode}`)}</Tag>;
}

const driftTones: Readonly<Record<string, Tone>> = {
  unknown: 'stone',
  steady: 'patina',
  rising: 'ochre',
  falling: 'ochre',
};

/** Whether it finds more or less of late than it did. */
export function Drift({ drift }: { drift: DetectorState['drift'] }): ReactElement {
  const { t } = useWords('detection');
  const format = useFormat();
  const { state, ratio } = drift;
  return (
    <span>
      <Tag tone={driftTones[state] ?? 'stone'}>{t(`terms:drift.${state}`)}</Tag>{' '}
      {ratio === null ? null : (
        <span className="soft">{t('drift.ratio', { ratio: format.number(Math.round(ratio * 100) / 100) })}</span>
      )}
    </span>
  );
}
