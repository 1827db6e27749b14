import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Hold, HoldHistory, HoldPage, OrderHolds } from '../../../../server/src/funds/hold-contract.ts';
import { get } from '../../link/call.ts';
import { Countdown } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf, Identifier } from '../../ui/identifier.tsx';
import { Facts } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { Says, Why, type WhatProps } from './approval-parts.tsx';

/** Amounts on several accounts are stopped: whose, where, how much of each, as they stand now. */
export function HoldsWhat({ payload }: WhatProps): ReactElement {
  const { t } = useWords('access');
  const format = useFormat();
  const { trace, holds = [], amount, minutes, text } = payload as unknown as OrderHolds;
  const path = '/v1/holds';
  const query = useQuery({
    queryKey: [path, { trace, limit: 200 }],
    queryFn: ({ signal }) => get<HoldPage>(path, { query: { trace, limit: 200 }, purpose: 'investigation', signal }),
  });
  return (
    <>
      <Says>{t('approval.says.holds', { count: holds.length })}</Says>
      <Facts
        facts={[
          [t('approval.holds.trace'), <Identifier key="trace" of={`trace:${trace}`} />],
          [
            t('approval.holds.time'),
            minutes === undefined ? t('approval.holds.time.law') : format.duration(minutes * 60_000),
          ],
        ]}
      />
      <Shown query={query}>
        {({ holds: known }) => <HoldTable holds={known.filter(({ id }) => holds.includes(id))} amount={amount} />}
      </Shown>
      <Why title={t('approval.instruction')} text={text?.text} language={text?.language} />
    </>
  );
}

function HoldTable({ holds, amount }: { holds: readonly Hold[]; amount: string | undefined }): ReactElement {
  const { t } = useWords('access');
  const said = useSaid();
  const format = useFormat();
  const asked = (hold: Hold): string =>
    format.money(amount === undefined ? hold.taint : { value: amount, currency: hold.taint.currency });
  return (
    <div className="list approval-holds">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('approval.hold.account')}</th>
            <th scope="col">{t('approval.hold.institution')}</th>
            <th scope="col">{t('approval.hold.state')}</th>
            <th scope="col" className="end">
              {t('approval.hold.at-most')}
            </th>
          </tr>
        </thead>
        <tbody>
          {holds.map((hold) => (
            <tr key={hold.id}>
              <td>
                <Link to={`/holds/${hold.id}`} className="mono">
                  {captionOf(hold.key)}
                </Link>
              </td>
              <td>{hold.institution ?? '–'}</td>
              <td>{said('holdStates', hold.state)}</td>
              <td className="end nowrap">{asked(hold)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The hold as it stands now: what is decided about may have changed since it was proposed. */
function HoldFacts({ id, says }: { id: string; says: (hold: Hold) => string }): ReactElement {
  const { t } = useWords('access');
  const said = useSaid();
  const format = useFormat();
  const path = `/v1/holds/${id}`;
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<HoldHistory>(path, { purpose: 'investigation', signal }),
  });
  return (
    <Shown query={query}>
      {({ hold }) => (
        <>
          <Says>{says(hold)}</Says>
          <Facts
            facts={[
              [t('approval.hold.account'), <Identifier key="key" of={hold.key} />],
              [t('approval.hold.institution'), hold.institution],
              [t('approval.hold.state'), said('holdStates', hold.state)],
              [t('approval.hold.held'), <strong key="held">{format.money(hold.held)}</strong>],
              [t('approval.hold.ordered'), hold.ordered === undefined ? undefined : format.money(hold.ordered)],
              [t('approval.hold.taint'), format.money(hold.taint)],
              [
                t('approval.hold.until'),
                hold.until === undefined ? undefined : (
                  <Countdown key="until" until={hold.until} from={hold.orderedAt} />
                ),
              ],
              [
                t('approval.hold.page'),
                <Link key="page" to={`/holds/${id}`}>
                  {t('approval.hold.open')}
                </Link>,
              ],
              [t('approval.holds.trace'), <Identifier key="trace" of={`trace:${hold.trace}`} />],
            ]}
          />
        </>
      )}
    </Shown>
  );
}

/** What is held; once it was let go or not yet answered, what was ordered. */
const amountOf = ({ held, ordered, taint }: Hold): Hold['held'] => (held.value === '0' ? (ordered ?? taint) : held);

/** The person can use the money again. */
export function ReleaseWhat({ payload }: WhatProps): ReactElement {
  const { t } = useWords('access');
  const format = useFormat();
  const { id, grounds } = payload as { readonly id: string; readonly grounds?: string };
  return (
    <>
      <HoldFacts
        id={id}
        says={(hold) =>
          hold.state === 'proposed'
            ? t('approval.says.dismiss')
            : t('approval.says.release', { amount: format.money(amountOf(hold)), institution: hold.institution ?? '–' })
        }
      />
      <Why text={grounds} />
    </>
  );
}

/** A court has taken it, or takes it for good. */
export function SeizeWhat({ payload }: WhatProps): ReactElement {
  const { t } = useWords('access');
  const format = useFormat();
  const { id, court, confiscate } = payload as {
    readonly id: string;
    readonly court: string;
    readonly confiscate: boolean;
  };
  return (
    <>
      <HoldFacts
        id={id}
        says={(hold) =>
          t(confiscate ? 'approval.says.confiscate' : 'approval.says.seize', { amount: format.money(amountOf(hold)) })
        }
      />
      <Facts facts={[[t('approval.court'), court]]} />
    </>
  );
}
