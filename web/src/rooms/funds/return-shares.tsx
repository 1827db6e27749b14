import { Button, NativeSelect } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { DecideReturn, Return } from '../../../../server/src/funds/return-contract.ts';
import type { Hold, HoldPage } from '../../../../server/src/funds/hold-contract.ts';
import { get } from '../../link/call.ts';
import { readAmount } from '../../ui/amounts.ts';
import { AmountEntry } from '../../ui/entries.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf } from '../../ui/identifier.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';
import { isUnderCourt } from './hold-state.tsx';

/** What one claim is paid of one hold, as it is typed. */
export interface ShareDraft {
  readonly key: string;
  readonly claim: string;
  readonly hold: string;
  readonly amount: string;
  readonly currency: string;
}

/** The shares to send; undefined while a line cannot be read. */
export function sharesOf(lines: readonly ShareDraft[]): NonNullable<DecideReturn['shares']> | undefined {
  const shares = lines.map(({ claim, hold, amount, currency }) => ({
    claim,
    hold,
    value: readAmount(amount, currency),
  }));
  const isWhole = shares.every(({ claim, hold, value }) => claim !== '' && hold !== '' && value !== undefined);
  return isWhole ? shares.map((share) => ({ ...share, value: share.value! })) : undefined;
}

interface ShareLinesProps {
  readonly found: Return;
  readonly lines: readonly ShareDraft[];
  readonly change: (lines: readonly ShareDraft[]) => void;
}

/** By tracing nothing is divided by itself: line by line what each victim is paid of each hold. */
export function ShareLines({ found, lines, change }: ShareLinesProps): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const path = '/v1/holds';
  const queries = useQueries({
    queries: found.traces.map((trace) => ({
      queryKey: [path, { trace, limit: 200 }],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get<HoldPage>(path, { query: { trace, limit: 200 }, purpose: 'investigation', signal }),
    })),
  });
  const error = queries.find((query) => query.error !== null)?.error;
  const holds = queries.flatMap(({ data }) => data?.holds ?? []).filter(isUnderCourt);
  const currencyOf = (id: string): string => holds.find((hold) => hold.id === id)?.held.currency ?? 'THB';
  const put = (key: string, part: Partial<ShareDraft>): void =>
    change(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  return (
    <div className="return-claims">
      {error === undefined ? null : <RefusalNotice error={error} />}
      {lines.map((line) => (
        <div key={line.key} className="return-line of-hold">
          <NativeSelect
            label={t('return.victim')}
            value={line.claim}
            onChange={({ currentTarget }) => put(line.key, { claim: currentTarget.value })}
            data={[
              { value: '', label: t('return.choose') },
              ...found.claims.map(({ id, account }) => ({ value: id, label: captionOf(account) })),
            ]}
          />
          <NativeSelect
            label={t('return.of-hold')}
            value={line.hold}
            onChange={({ currentTarget }) =>
              put(line.key, { hold: currentTarget.value, currency: currencyOf(currentTarget.value) })
            }
            data={[
              { value: '', label: t('return.choose') },
              ...holds.map((hold) => ({ value: hold.id, label: captionOfHold(hold, format.money) })),
            ]}
          />
          <AmountEntry
            label={t('return.gets')}
            value={line.amount}
            change={(amount) => put(line.key, { amount })}
            currency={line.currency}
          />
          <Button variant="default" onClick={() => change(lines.filter(({ key }) => key !== line.key))}>
            {t('return.remove')}
          </Button>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          onClick={() =>
            change([
              ...lines,
              {
                key: crypto.randomUUID(),
                claim: '',
                hold: holds[0]?.id ?? '',
                amount: '',
                currency: currencyOf(holds[0]?.id ?? ''),
              },
            ])
          }
        >
          {t('return.add-share')}
        </Button>
      </div>
    </div>
  );
}

const captionOfHold = ({ key, held, returned }: Hold, money: (amount: Hold['held']) => string): string =>
  `${captionOf(key)} · ${money({ value: String(BigInt(held.value) - BigInt(returned.value)), currency: held.currency })}`;
