import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Return } from '../../../../server/src/funds/return-contract.ts';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf, Identifier } from '../../ui/identifier.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { tableOf, type Group, type Line } from './return-sums.ts';
import './return.css';

interface ReturnTableProps {
  readonly found: Return;
  /** A claim was paid by the bank; absent where this officer may not say so. */
  readonly pay?: ((claim: Return['claims'][number]) => void) | undefined;
}

/** What each victim lost, the part of it, and what is paid; with its sums, and what was rounded. */
export function ReturnTable({ found, pay }: ReturnTableProps): ReactElement {
  const { t } = useWords('funds');
  const groups = tableOf(found);
  if (groups.length === 0) return <p className="soft">{t('return.no-claims')}</p>;
  return (
    <>
      {found.state === 'open' ? (
        <div className="notice tone-ochre">
          <p>{t('return.preview')}</p>
        </div>
      ) : null}
      {groups.map((group) => (
        <GroupTable key={group.currency} group={group} found={found} pay={pay} />
      ))}
    </>
  );
}

function GroupTable({ group, found, pay }: ReturnTableProps & { group: Group }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const money = (value: bigint): string => format.money({ value: String(value), currency: group.currency });
  const isOpen = found.state === 'open';
  return (
    <>
      <div className="list return-table">
        <table>
          <caption className="visually-hidden">{t('return.table', { currency: group.currency })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('return.victim')}</th>
              <th scope="col" className="end">
                {t('return.lost')}
              </th>
              <th scope="col" className="end">
                {t('return.share')}
              </th>
              <th scope="col" className="end">
                {t(isOpen ? 'return.would-get' : 'return.gets')}
              </th>
              <th scope="col" className="end">
                {t('return.missing')}
              </th>
              <th scope="col" className="end" title={t('return.rounding.what')}>
                {t('return.rounding')}
              </th>
              {isOpen ? null : <th scope="col">{t('return.payment')}</th>}
            </tr>
          </thead>
          <tbody>
            {group.lines.map((line) => (
              <ClaimRow key={line.claim.id} line={line} money={money} isOpen={isOpen} pay={pay} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('return.sum', { count: group.lines.length })}</th>
              <td className="end nowrap">{money(group.lost)}</td>
              <td className="end">{format.percent(1)}</td>
              <td className="end nowrap">{money(group.paid)}</td>
              <td className="end nowrap">{money(group.lost - group.paid)}</td>
              <td className="end">{format.number(0)}</td>
              {isOpen ? null : <td />}
            </tr>
          </tfoot>
        </table>
      </div>
      <Checks group={group} />
    </>
  );
}

function ClaimRow(props: {
  line: Line;
  money: (value: bigint) => string;
  isOpen: boolean;
  pay: ReturnTableProps['pay'];
}): ReactElement {
  const { line, money, isOpen, pay } = props;
  const { t } = useWords('funds');
  const format = useFormat();
  const { claim, lost, share, paid, foreign, rounding } = line;
  const isDue = paid > 0n || foreign.length > 0;
  return (
    <tr>
      <td>
        <Identifier of={claim.account} />
      </td>
      <td className="end nowrap">{money(lost)}</td>
      <td className="end">{format.percent(share)}</td>
      <td className="end">
        <strong className="nowrap">{money(paid)}</strong>
        {foreign.map((amount) => (
          <div key={`${amount.currency} ${amount.value}`} className="nowrap">
            {format.money(amount)}
          </div>
        ))}
      </td>
      <td className="end nowrap">{foreign.length > 0 ? '–' : money(lost - paid)}</td>
      <td className="end">{rounding === undefined || rounding === 0 ? '' : signed(rounding, format.number)}</td>
      {isOpen ? null : (
        <td>
          {claim.paidAt !== undefined ? (
            <>
              <Tag tone="patina">{t('return.paid')}</Tag> <span className="mono">{claim.reference}</span>{' '}
              <span className="soft">
                <Instant at={claim.paidAt} short />
              </span>
            </>
          ) : !isDue ? (
            <span className="soft">{t('return.nothing-due')}</span>
          ) : pay === undefined ? (
            <Tag tone="ochre">{t('return.unpaid')}</Tag>
          ) : (
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t('return.pay-of', { account: captionOf(claim.account) })}
              onClick={() => pay(claim)}
            >
              {t('return.pay')}
            </Button>
          )}
        </td>
      )}
    </tr>
  );
}

const signed = (value: number, text: (value: number) => string): string =>
  value > 0 ? `+${text(value)}` : text(value);

/** What the officer would otherwise add up by hand. */
function Checks({ group }: { group: Group }): ReactElement {
  const { t } = useWords('funds');
  const { isWithinClaims, isFair } = group;
  return (
    <ul className="return-checks">
      <li>
        <Tag tone={isWithinClaims ? 'patina' : 'cinnabar'}>
          {t(isWithinClaims ? 'return.check.good' : 'return.check.bad')}
        </Tag>{' '}
        {t('return.check.within')}
      </li>
      {isFair === undefined ? null : (
        <li>
          <Tag tone={isFair ? 'patina' : 'cinnabar'}>{t(isFair ? 'return.check.good' : 'return.check.bad')}</Tag>{' '}
          {t('return.check.fair')}
        </li>
      )}
    </ul>
  );
}
