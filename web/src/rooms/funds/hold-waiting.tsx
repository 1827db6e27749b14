import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { WaitingAct } from '../../../../server/src/funds/hold-contract.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { Actor } from '../../ui/actor.tsx';
import { Countdown } from '../../ui/clock.tsx';
import { SecondedNotice, type Seconded } from '../../ui/second-person.tsx';
import { useWords } from '../../ui/words.ts';

interface WaitingProps {
  readonly waiting: readonly WaitingAct[];
  /** What this officer just proposed here: as long as it waits, it is said once. */
  readonly seconded: Seconded;
}

/** What somebody wants done, and waits for a second person: whoever looks knows it, and whoever may decides. */
export function Waiting({ waiting, seconded }: WaitingProps): ReactElement {
  const isListed = waiting.some(({ id }) => id === (seconded.proposal ?? seconded.review));
  return (
    <>
      {isListed ? null : <SecondedNotice {...seconded} />}
      {waiting.map((one) => (
        <WaitingNotice key={one.id} of={one} />
      ))}
    </>
  );
}

function WaitingNotice({ of: { id, act, by, at, decideBy, performed } }: { of: WaitingAct }): ReactElement {
  const { t } = useWords('funds');
  const { t: tUi } = useWords('ui');
  const may = useMay();
  const { officer } = useOfficer();
  const mayOpen = may('funds.approve') || by === `officer:${officer}`;
  return (
    <div className="notice tone-ochre hold-waiting" role="status">
      <p>
        <strong>{t(`hold.${act}`)}</strong> {tUi(performed ? 'second.reviewed' : 'second.waits')}{' '}
        {mayOpen ? <Link to={`/approvals/${id}`}>{tUi('second.open')}</Link> : null}
      </p>
      <p className="soft">
        {t('hold.waiting.by')} <Actor id={by} /> · {t('hold.appeal.decide-by')} <Countdown until={decideBy} from={at} />
      </p>
    </div>
  );
}
