import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import type { Hold, HoldHistory } from '../../../../server/src/funds/hold-contract.ts';
import { useMay } from '../../link/session.ts';
import { Panel } from '../../ui/page.tsx';
import type { Seconded } from '../../ui/second-person.tsx';
import { useWords } from '../../ui/words.ts';
import { Complain, Confiscate, Extend, OrderHold, Release, Seize } from './hold-act-forms.tsx';
import { isBound, isProposed, isUnderCourt } from './hold-state.tsx';

const acts = ['order', 'extend', 'complaint', 'seize', 'confiscate', 'release'] as const;
type Act = (typeof acts)[number];

const forms = {
  order: OrderHold,
  extend: Extend,
  complaint: Complain,
  seize: Seize,
  confiscate: Confiscate,
  release: Release,
} as const;

const colors: Readonly<Partial<Record<Act, string>>> = { order: 'bronze', release: 'cinnabar' };

/** Whether the server would do it, as far as this page knows. */
const possible: Readonly<Record<Act, (hold: Hold) => boolean>> = {
  order: (hold) => isProposed(hold) || (isBound(hold) && (hold.state === 'gone' || hold.state === 'refused')),
  extend: isBound,
  complaint: isBound,
  seize: (hold) => isBound(hold) && hold.held.value !== '0',
  confiscate: ({ state }) => state === 'seized',
  release: (hold) => isBound(hold) || isProposed(hold),
};

/** What can be done with it now, each with what it does in plain words. */
export function HoldActs({
  found: { hold },
  note,
}: {
  found: HoldHistory;
  note: (answer: Seconded, done: string) => void;
}): ReactElement {
  const { t } = useWords('funds');
  const may = useMay();
  const [open, setOpen] = useState<Act | undefined>(undefined);
  const offered = may('funds.hold') ? acts.filter((act) => possible[act](hold)) : [];
  const Form = open === undefined ? undefined : forms[open];
  const nameOf = (act: Act): string => t(act === 'release' && isProposed(hold) ? 'hold.dismiss' : `hold.${act}`);
  const whatOf = (act: Act): string =>
    t(act === 'release' && isProposed(hold) ? 'hold.dismiss.short' : `hold.${act}.short`);
  return (
    <Panel title={t('hold.acts')}>
      <div className="hold-acts">
        {offered.map((act) => (
          <div key={act}>
            <Button
              variant={act === 'order' ? 'filled' : 'default'}
              color={colors[act] ?? 'bronze'}
              onClick={() => setOpen(act)}
            >
              {nameOf(act)}
            </Button>
            <p>{whatOf(act)}</p>
          </div>
        ))}
        {isUnderCourt(hold) && may('funds.return') ? (
          <div>
            <Link to={`/returns/new?traces=${hold.trace}`}>{t('hold.return')}</Link>
            <p>{t('hold.return.short')}</p>
          </div>
        ) : null}
        {offered.length === 0 && !isUnderCourt(hold) ? (
          <p>{t(may('funds.hold') ? 'hold.acts.none' : 'hold.acts.not-yours')}</p>
        ) : null}
      </div>
      {Form === undefined ? null : <Form hold={hold} note={note} onClose={() => setOpen(undefined)} />}
    </Panel>
  );
}
