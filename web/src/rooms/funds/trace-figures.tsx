import type { ReactElement } from 'react';
import type { TraceSummary } from '../../../../server/src/funds/contract.ts';
import { useFormat, type Money } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { useWords } from '../../ui/words.ts';

const parts = ['held', 'seized', 'returned', 'open', 'lost'] as const;
type Part = (typeof parts)[number];
export type Figures = Pick<TraceSummary, Part | 'amount'>;

const partTones: Readonly<Record<Part, Tone>> = {
  held: 'patina',
  seized: 'patina',
  returned: 'patina',
  open: 'ochre',
  lost: 'cinnabar',
};

interface Share {
  readonly part: Part;
  readonly money: Money;
  readonly share: number;
}

function sharesOf(figures: Figures): Share[] {
  const whole = Number(figures.amount.value);
  return parts.map((part) => ({
    part,
    money: figures[part],
    share: whole === 0 ? 0 : Number(figures[part].value) / whole,
  }));
}

/** The five figures as one line, for a list: each says itself on hover and to a screen reader. */
export function FiguresBar({ figures }: { figures: Figures }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const shown = sharesOf(figures).filter(({ share }) => share > 0);
  const said = shown.map(({ part, money }) => `${t(`terms:part.${part}`)} ${format.money(money)}`);
  return (
    <span className="funds-bar" role="img" aria-label={said.join(', ')} title={said.join('\n')}>
      {shown.map(({ part, share }) => (
        <span key={part} className={`tone-${partTones[part]} funds-part-${part}`} style={{ flexGrow: share }} />
      ))}
    </span>
  );
}

const radius = 44;
const around = 2 * Math.PI * radius;

/** The five figures as a ring, what is safe in its middle, and as numbers that add up. */
export function FiguresRing({ figures }: { figures: Figures }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const shares = sharesOf(figures);
  const safe = shares.slice(0, 3).reduce((sum, { share }) => sum + share, 0);
  const begins = shares.map((_, at) => shares.slice(0, at).reduce((sum, { share }) => sum + share, 0));
  return (
    <div className="funds-figures">
      <svg viewBox="-60 -60 120 120" className="funds-ring" aria-hidden>
        <circle r={radius} className="funds-ring-track" />
        {shares.map(({ part, share }, at) => (
          <circle
            key={part}
            r={radius}
            className={`funds-ring-part tone-${partTones[part]} funds-part-${part}`}
            strokeDasharray={`${Math.max(0, share * around - (share > 0.02 ? 1.2 : 0)).toFixed(2)} ${around.toFixed(2)}`}
            transform={`rotate(${(begins[at]! * 360 - 90).toFixed(2)})`}
          />
        ))}
        <text className="funds-ring-share" textAnchor="middle" y="3">
          {format.percent(Math.round(safe * 1000) / 1000)}
        </text>
        <text className="funds-ring-what" textAnchor="middle" y="17">
          {t('trace.safe')}
        </text>
      </svg>
      <dl className="funds-numbers">
        {shares.map(({ part, money, share }) => (
          <div key={part} className={`tone-${partTones[part]}`} title={t(`terms:part.${part}.what`)}>
            <dt>
              <span className={`funds-swatch funds-part-${part}`} aria-hidden />
              {t(`terms:part.${part}`)}
            </dt>
            <dd>{format.money(money)}</dd>
            <dd className="faint">{format.percent(share)}</dd>
          </div>
        ))}
        <div className="funds-sum">
          <dt>{t('trace.stolen')}</dt>
          <dd>{format.money(figures.amount)}</dd>
          <dd />
        </div>
      </dl>
    </div>
  );
}
