import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Approval } from '../../../server/src/access/contract.ts';
import { get } from '../link/call.ts';
import { useFreshness } from '../link/freshness.ts';
import { useView } from '../link/view.ts';
import { say } from './toast.tsx';
import { useWords } from './words.ts';

/** What the answer to an act says of a second person. */
export interface Seconded {
  /** It waits; nothing was done. */
  readonly proposal?: string | undefined;
  /** It was done for want of a second person, who must confirm it. */
  readonly review?: string | undefined;
}

/** Remembers in the address that what was just done waits for a second person, and says so. */
export function useSeconded(): { seconded: Seconded; note: (answer: Seconded, done: string) => void } {
  const { t } = useWords('ui');
  const [seconded, change] = useView(({ proposal, review }) => ({ proposal, review }));
  return {
    seconded,
    note: ({ proposal, review }, done) => {
      if (proposal !== undefined || review !== undefined) change({ proposal, review });
      if (proposal !== undefined) say(t('second.waits'), { tone: 'ochre' });
      else if (review !== undefined) say(t('second.reviewed'), { tone: 'ochre' });
      else say(done);
    },
  };
}

/** What `useSeconded` remembers, as it stands now, with the way to whoever decides. Nothing for whom it is none of their business. */
export function SecondedNotice({ proposal, review }: Seconded): ReactElement | null {
  const { t } = useWords('ui');
  const id = proposal ?? review;
  const path = `/v1/approvals/${id}`;
  const { data } = useQuery({
    queryKey: [path],
    enabled: id !== undefined,
    queryFn: ({ signal }) => get<Approval>(path, { purpose: 'investigation', signal }),
  });
  useFreshness(['approval'], [path]);
  if (data === undefined) return null;
  const { state, performed } = data;
  return (
    <div
      className={`notice tone-${state === 'open' ? 'ochre' : 'stone'}`}
      role="status"
      style={{ marginBlockEnd: '0.9rem' }}
    >
      <p>
        {state === 'open'
          ? t(performed ? 'second.reviewed' : 'second.waits')
          : t('second.settled', { state: t(`terms:approvalState.${state}`) })}{' '}
        <Link to={`/approvals/${id}`}>{t('second.open')}</Link>
      </p>
    </div>
  );
}
