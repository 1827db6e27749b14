import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { DetectorStates, Replay, Replays } from '../../../../server/src/detection/contract.ts';
import { get } from '../../link/call.ts';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Beating, Ring } from '../../ui/mark.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';

export const replaysPath = '/v1/detection/replays';
const runningMs = 1500;

/** The trials of late, whose they were and of which detectors. */
export function ReplayList(): ReactElement | null {
  const { t } = useWords('detection');
  const query = useQuery({
    queryKey: [replaysPath],
    queryFn: ({ signal }) => get<Replays>(replaysPath, { signal }),
  });
  if (query.data?.replays.length === 0) return null;
  return (
    <Panel title={t('replays.title')}>
      <Shown query={query}>
        {({ replays }) => (
          <ul className="detection-replays">
            {replays.map((replay) => (
              <ReplayLine key={replay.id} replay={replay} />
            ))}
          </ul>
        )}
      </Shown>
    </Panel>
  );
}

function ReplayLine({ replay }: { replay: Replay }): ReactElement {
  const { t } = useWords('detection');
  const format = useFormat();
  const { id, asked, officer, state, result } = replay;
  const names = Object.keys((replay.wish.rules as { detectors?: object }).detectors ?? {});
  return (
    <li>
      <Instant at={asked} short /> <span className="soft">{officer}</span>{' '}
      {names.map((name) => (
        <Link key={name} to={`/detectors/${name}?replay=${id}`}>
          {t(`terms:detector.${name}`)}
        </Link>
      ))}{' '}
      <Tag tone={state === 'done' ? 'patina' : 'ochre'}>{t(`terms:replayState.${state}`)}</Tag>{' '}
      {result === null ? null : (
        <span className="soft">
          {t('replays.result', {
            gained: format.number(result.alerts.gained),
            lost: format.number(result.alerts.lost),
          })}
        </span>
      )}
    </li>
  );
}

/** One trial: how far it is, and what would be found more and no longer. */
export function ReplaySheet({
  id,
  records,
}: {
  id: string;
  records: DetectorStates['records'] | undefined;
}): ReactElement {
  const { t } = useWords('detection');
  const path = `${replaysPath}/${id}`;
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Replay>(path, { signal }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? runningMs : false),
  });
  return (
    <Panel title={t('replay.title')}>
      <Shown query={query}>
        {(replay) => (
          <>
            <Facts
              facts={[
                [t('replay.asked'), <Instant key="asked" at={replay.asked} />],
                [t('replay.officer'), replay.officer],
                [t('replay.hours'), t(`try.hours.${replay.wish.hours}`, { defaultValue: String(replay.wish.hours) })],
              ]}
            />
            <Progress replay={replay} records={records} />
            {replay.result === null ? null : <Result result={replay.result} />}
          </>
        )}
      </Shown>
    </Panel>
  );
}

/** How many records there are to look at is known roughly: those of the last day or week. */
function Progress({ replay, records }: { replay: Replay; records: DetectorStates['records'] | undefined }) {
  const { t } = useWords('detection');
  const format = useFormat();
  const { state, wish } = replay;
  const looked = t('replay.looked', { count: replay.records, records: format.number(replay.records) });
  if (state !== 'running')
    return (
      <p className={state === 'stopped' ? 'notice tone-ochre' : 'soft'}>
        {t(`terms:replayState.${state}`)} · {looked}
      </p>
    );
  const all = records === undefined ? 0 : wish.hours <= 24 ? (records.day * wish.hours) / 24 : records.week;
  const share = all === 0 ? undefined : Math.min(0.99, replay.records / all);
  return (
    <p className="detection-progress" role="status">
      {share === undefined ? (
        <Beating label={t('terms:replayState.running')} size={32} />
      ) : (
        <Ring share={share} size={32} />
      )}
      <span>
        {share === undefined ? t('terms:replayState.running') : t('replay.share', { share: format.percent(share) })} ·{' '}
        {looked}
      </span>
    </p>
  );
}

function Result({ result }: { result: NonNullable<Replay['result']> }): ReactElement {
  const { t } = useWords('detection');
  const format = useFormat();
  const { alerts, detectors } = result;
  const cells = ({ before, after, gained, lost }: typeof alerts): ReactElement[] =>
    [before, after, gained, lost].map((count, at) => (
      // Four numbers, always in this order.
      // oxlint-disable-next-line react/no-array-index-key -- see above
      <td key={at} className="end">
        {format.number(count)}
      </td>
    ));
  return (
    <>
      <p className="notice tone-stone">{t('replay.nothing-changed')}</p>
      <div className="list detection-result">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('column.name')}</th>
              {['before', 'after', 'gained', 'lost'].map((name) => (
                <th key={name} scope="col" className="end">
                  {t(`replay.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <td>
                <strong>{t('replay.all')}</strong>
              </td>
              {cells(alerts)}
            </tr>
            {detectors.map((changed) => (
              <tr key={changed.detector}>
                <td>{t(`terms:detector.${changed.detector}`)}</td>
                {cells(changed)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {detectors.length === 0 ? <p>{t('replay.same')}</p> : null}
      {detectors.map(({ detector, examples }) => (
        <div key={detector} className="detection-examples">
          <Examples title={t('replay.gained.list')} tone="patina" subjects={examples.gained} />
          <Examples title={t('replay.lost.list')} tone="cinnabar" subjects={examples.lost} />
        </div>
      ))}
    </>
  );
}

function Examples({
  title,
  tone,
  subjects,
}: {
  title: string;
  tone: 'patina' | 'cinnabar';
  subjects: readonly string[];
}) {
  if (subjects.length === 0) return null;
  return (
    <section className={`tone-${tone} detection-example`}>
      <h3>{title}</h3>
      <ul>
        {subjects.map((subject) => (
          <li key={subject}>
            <Identifier of={subject} />
          </li>
        ))}
      </ul>
    </section>
  );
}
