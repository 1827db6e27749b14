import type { ReactElement, ReactNode } from 'react';
import type { AlertHistory } from '../../../../server/src/alerts/contract.ts';
import { useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { Failed, Loading } from '../../ui/states.tsx';
import { Timeline } from '../../ui/timeline.tsx';
import { useWords } from '../../ui/words.ts';
import { nameOf } from './subject.ts';

const tones: Readonly<Record<string, Tone>> = {
  taken: 'bronze',
  released: 'ochre',
  snoozed: 'indigo',
  woken: 'ochre',
  closed: 'patina',
  reopened: 'ochre',
  told: 'indigo',
  handed: 'bronze',
  'led-to': 'bronze',
  escalated: 'cinnabar',
};

type Deed = AlertHistory['history'][number];

/** Who did what. */
export function History({ told, error }: { told: AlertHistory | undefined; error: unknown }): ReactElement {
  const { t } = useWords('alerts');
  if (told === undefined) return error === null ? <Loading /> : <Failed error={error} />;
  if (told.history.length === 0) return <p className="soft">{t('history.none')}</p>;
  const happenings = told.history.toReversed().map((deed, at) => ({
    key: `${deed.at} ${deed.what} ${at}`,
    at: deed.at,
    what: t(`terms:alertDeed.${deed.what}`, { defaultValue: deed.what }),
    tone: tones[deed.what] ?? 'stone',
    by: deed.actor,
    details: <Details deed={deed} />,
  }));
  return <Timeline happenings={happenings} />;
}

function Details({ deed }: { deed: Deed }): ReactNode {
  const { t } = useWords('alerts');
  const format = useFormat();
  const { outcome, note, until, from, to } = deed.details;
  const lines = [
    typeof outcome === 'string' ? t(`terms:alertOutcome.${outcome}`, { defaultValue: outcome }) : undefined,
    typeof until === 'string' ? t('history.until', { time: format.instant(until) }) : undefined,
    typeof from === 'string' ? t('history.from', { owner: from }) : undefined,
    typeof to === 'string' ? t('history.to', { owner: to }) : undefined,
    typeof note === 'string' ? note : undefined,
  ].filter((line) => line !== undefined);
  return [
    ...lines.map((line) => (
      <div key={line} className="alerts-detail">
        {line}
      </div>
    )),
    ...(Array.isArray(to) ? to : []).map((subject: string) => (
      <div key={subject} className="alerts-detail">
        <span className="soft">{nameOf(subject, t)}</span> <Identifier of={subject} />
      </div>
    )),
  ];
}
