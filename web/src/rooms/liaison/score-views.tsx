import { Fragment, type ReactElement } from 'react';
import type { Scorecard } from '../../../../server/src/liaison/contract.ts';
import { useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useSaid, useWords } from '../../ui/words.ts';

type Row = Scorecard['rows'][number];
type Measure = 'acknowledged' | 'answered';

/** Below so many, a median or a share says little about the next request. */
const fewBelow = 5;
const minuteMs = 60_000;

const toneOf = (share: number | null): Tone =>
  share === null ? 'stone' : share >= 0.9 ? 'patina' : share >= 0.7 ? 'ochre' : 'cinnabar';

const pairOf = ({ asking, asked }: Row): string => `${asking}>${asked}`;

function Pair({ row }: { row: Row }): ReactElement {
  const { t } = useWords('liaison');
  const memberName = useMemberName();
  return <>{t('score.pair', { asking: memberName(row.asking), asked: memberName(row.asked) })}</>;
}

/** Medians of pairs and kinds, with the share in time; what rests on few is marked. */
export function ScoreMatrix({ rows, measure }: { rows: readonly Row[]; measure: Measure }): ReactElement {
  const { t } = useWords('liaison');
  const said = useSaid();
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const pairs = [...new Map(rows.map((row) => [pairOf(row), row])).values()];
  return (
    <div className="list liaison-matrix">
      <table>
        <caption className="visually-hidden">{t(`score.${measure}`)}</caption>
        <thead>
          <tr>
            <th scope="col">{t('score.pairs')}</th>
            {kinds.map((kind) => (
              <th key={kind} scope="col">
                {said('requestKinds', kind)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => (
            <tr key={pairOf(pair)}>
              <th scope="row">
                <Pair row={pair} />
              </th>
              {kinds.map((kind) => (
                <td key={kind}>
                  <Cell row={rows.find((row) => pairOf(row) === pairOf(pair) && row.kind === kind)} measure={measure} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ row, measure }: { row: Row | undefined; measure: Measure }): ReactElement | null {
  const { t } = useWords('liaison');
  const format = useFormat();
  if (row === undefined) return null;
  const { count, median, onTime } = row[measure];
  return (
    <div className={`liaison-cell tone-${toneOf(onTime)} ${count < fewBelow ? 'few' : ''}`}>
      <strong>{median === null ? t('score.none') : format.duration(median * minuteMs)}</strong>
      <span>{onTime === null ? t('score.not-due') : t('score.on-time', { share: format.percent(onTime) })}</span>
      <span className="faint">{t('score.count', { count: format.number(count), of: format.number(row.count) })}</span>
    </div>
  );
}

/** From the median to what nine of ten took no longer than, on a scale on which each step is ten times the one before. */
export function ScoreBars({ rows, measure }: { rows: readonly Row[]; measure: Measure }): ReactElement {
  const { t } = useWords('liaison');
  const said = useSaid();
  const format = useFormat();
  const known = rows
    .filter((row) => row[measure].median !== null)
    .sort((one, other) => other[measure].median! - one[measure].median!);
  const place = (minutes: number): number =>
    Math.max(0, Math.min(100, (100 * (Math.log10(Math.max(minutes, 0.1)) + 1)) / 5.5));
  const marks = [1, 10, 60, 1440, 10_080];
  const unknown = rows.length - known.length;
  return (
    <div className="panel liaison-bars">
      <div className="liaison-bar-row head" aria-hidden>
        <span />
        <span className="liaison-bar-scale">
          {marks.map((minutes) => (
            <span key={minutes} style={{ insetInlineStart: `${place(minutes)}%` }}>
              {format.duration(minutes * minuteMs)}
            </span>
          ))}
        </span>
        <span>{t('score.share')}</span>
      </div>
      {known.map((row) => {
        const { median, p90, onTime, count } = row[measure];
        return (
          <Fragment key={pairOf(row) + row.kind}>
            <div className={`liaison-bar-row tone-${toneOf(onTime)}`}>
              <span>
                <Pair row={row} /> <span className="soft">{said('requestKinds', row.kind)}</span>
              </span>
              <span
                className={`liaison-bar-line ${count < fewBelow ? 'few' : ''}`}
                role="img"
                aria-label={t('score.bar', {
                  median: format.duration(median! * minuteMs),
                  p90: format.duration(p90! * minuteMs),
                })}
              >
                {marks.map((minutes) => (
                  <span key={minutes} className="mark" style={{ insetInlineStart: `${place(minutes)}%` }} />
                ))}
                <span
                  className="span"
                  style={{
                    insetInlineStart: `${place(median!)}%`,
                    inlineSize: `${Math.max(0.6, place(p90!) - place(median!))}%`,
                  }}
                />
                <span className="median" style={{ insetInlineStart: `${place(median!)}%` }} />
              </span>
              <span>
                <Tag tone={toneOf(onTime)}>{onTime === null ? t('score.not-due') : format.percent(onTime)}</Tag>{' '}
                <span className="faint">
                  {t('score.count', { count: format.number(count), of: format.number(row.count) })}
                </span>
              </span>
            </div>
          </Fragment>
        );
      })}
      {unknown > 0 ? <p className="soft">{t('score.unknown', { count: unknown })}</p> : null}
      <p className="faint">{t('score.bars.what')}</p>
    </div>
  );
}

/** All numbers. */
export function ScoreTable({ rows }: { rows: readonly Row[] }): ReactElement {
  const { t } = useWords('liaison');
  const said = useSaid();
  const format = useFormat();
  const time = (minutes: number | null): string => (minutes === null ? '–' : format.duration(minutes * minuteMs));
  const share = (part: number | null): string => (part === null ? '–' : format.percent(part));
  return (
    <div className="list">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('score.pairs')}</th>
            <th scope="col">{t('column.kind')}</th>
            <th scope="col" className="end">
              {t('score.requests')}
            </th>
            {(['acknowledged', 'answered'] as const).map((measure) => (
              <Fragment key={measure}>
                <th scope="col" className="end">
                  {t(`score.${measure}`)}
                </th>
                <th scope="col" className="end">
                  {t('score.median')}
                </th>
                <th scope="col" className="end">
                  {t('score.p90')}
                </th>
                <th scope="col" className="end">
                  {t('score.share')}
                </th>
              </Fragment>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={pairOf(row) + row.kind}>
              <td>
                <Pair row={row} />
              </td>
              <td>{said('requestKinds', row.kind)}</td>
              <td className="end">{format.number(row.count)}</td>
              {(['acknowledged', 'answered'] as const).map((measure) => (
                <Fragment key={measure}>
                  <td className="end">{format.number(row[measure].count)}</td>
                  <td className="end">{time(row[measure].median)}</td>
                  <td className="end">{time(row[measure].p90)}</td>
                  <td className="end">{share(row[measure].onTime)}</td>
                </Fragment>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
