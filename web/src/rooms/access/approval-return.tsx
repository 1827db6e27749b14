import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { DecideReturn, Return } from '../../../../server/src/funds/return-contract.ts';
import { get } from '../../link/call.ts';
import { useFormat } from '../../ui/format.ts';
import { captionOf } from '../../ui/identifier.tsx';
import { Facts } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { Says, type WhatProps } from './approval-parts.tsx';

/** What a court has taken is divided among victims; nothing undoes it. */
export function ReturnWhat({ payload }: WhatProps): ReactElement {
  const { t } = useWords('access');
  const format = useFormat();
  const { id, court, method, shares } = payload as unknown as DecideReturn & { readonly id: string };
  const path = `/v1/returns/${id}`;
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Return>(path, { purpose: 'investigation', signal }),
  });
  return (
    <Shown query={query}>
      {(found) => (
        <>
          <Says>{t('approval.says.return', { count: found.claims.length })}</Says>
          <Facts
            facts={[
              [t('approval.court'), court],
              [
                t('approval.return.method'),
                method === undefined ? t('approval.return.method.policy') : t(`terms:returnMethod.${method}`),
              ],
              [t('approval.return.available'), found.available.map((money) => format.money(money)).join(', ')],
              [t('approval.return.claims'), format.number(found.claims.length)],
              [t('approval.return.shares'), shares === undefined ? undefined : format.number(shares.length)],
              [
                t('approval.return.page'),
                <Link key="page" to={`/returns/${id}`}>
                  {t('approval.return.open')}
                </Link>,
              ],
            ]}
          />
          {shares === undefined ? <Claims found={found} /> : <Shares shares={shares} found={found} />}
        </>
      )}
    </Shown>
  );
}

/** Among whom it is divided in proportion; the return's own page works out the parts. */
function Claims({ found }: { found: Return }): ReactElement {
  const { t } = useWords('access');
  const format = useFormat();
  return (
    <div className="list approval-holds">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('approval.return.account')}</th>
            <th scope="col" className="end">
              {t('approval.return.lost')}
            </th>
          </tr>
        </thead>
        <tbody>
          {found.claims.map(({ id, account, amount }) => (
            <tr key={id}>
              <td className="mono">{captionOf(account)}</td>
              <td className="end nowrap">{format.money(amount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Shares = NonNullable<DecideReturn['shares']>;

/** What each is paid of each hold; in the currency of the hold, which is the only one that is here. */
function Shares({ shares, found }: { shares: Shares; found: Return }): ReactElement {
  const { t } = useWords('access');
  const format = useFormat();
  const [only] = found.available.length === 1 ? found.available : [];
  const amount = (value: string): string =>
    only === undefined ? t('approval.return.minor', { value }) : format.money({ value, currency: only.currency });
  return (
    <div className="list approval-holds">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('approval.return.account')}</th>
            <th scope="col">{t('approval.return.hold')}</th>
            <th scope="col" className="end">
              {t('approval.return.paid')}
            </th>
          </tr>
        </thead>
        <tbody>
          {shares.map(({ claim, hold, value }) => (
            <tr key={`${claim} ${hold}`}>
              <td className="mono">{captionOf(found.claims.find(({ id }) => id === claim)?.account ?? claim)}</td>
              <td>
                <Link to={`/holds/${hold}`} className="mono">
                  {hold.slice(-8)}
                </Link>
              </td>
              <td className="end nowrap">{amount(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
