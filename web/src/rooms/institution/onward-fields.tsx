import { Button, CloseButton, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { useInstitution } from '../../link/session.ts';
import { AmountEntry, InstantEntry } from '../../ui/entries.tsx';
import { ReadAs } from '../../ui/read-as.tsx';
import { isReference } from '../../ui/theft/theft.ts';
import { useWords } from '../../ui/words.ts';
import { onwardMax, type TypedOnward } from './answer.ts';

interface OnwardProps {
  readonly rows: readonly TypedOnward[];
  readonly change: (rows: readonly TypedOnward[]) => void;
  /** Of the order; without it each row has its own. */
  readonly currency: string | undefined;
  /** The order is about nothing else. */
  readonly isAsked: boolean;
}

/** The payments by which the money went on: where the tracing goes on from. */
export function OnwardFields({ rows, change, currency, isAsked }: OnwardProps): ReactElement {
  const { t } = useWords('institution');
  const { member } = useInstitution();
  const usual = currency ?? rows.at(-1)?.currency ?? 'USD';
  const put = (place: number, part: Partial<TypedOnward>): void =>
    change(rows.map((one, at) => (at === place ? { ...one, ...part } : one)));
  return (
    <section>
      <h3>{t('onward.title')}</h3>
      <p className="soft" style={{ marginBlock: '0.2rem 0.5rem' }}>
        {t(isAsked ? 'onward.asked' : 'onward.hint')}
      </p>
      {rows.map((row, place) => (
        <fieldset key={row.row} className="institution-part">
          <div className="institution-part-head">
            <legend style={{ padding: 0 }}>{t('onward.payment', { number: place + 1 })}</legend>
            <CloseButton
              size="xs"
              aria-label={t('onward.remove', { number: place + 1 })}
              onClick={() => change(rows.filter((_, other) => other !== place))}
            />
          </div>
          <div className="institution-row">
            <div>
              <TextInput
                label={t('onward.to')}
                description={t('onward.to.hint')}
                autoComplete="off"
                maxLength={512}
                value={row.to}
                onChange={({ currentTarget }) => put(place, { to: currentTarget.value })}
              />
              <ReadAs text={row.to} country={member.toUpperCase()} isEnd />
            </div>
            <AmountEntry
              label={t('onward.amount')}
              required
              value={row.amount}
              change={(amount) => put(place, { amount })}
              currency={row.currency}
              changeCurrency={(chosen) => put(place, { currency: chosen })}
            />
            <InstantEntry label={t('onward.at')} required value={row.at} change={(at) => put(place, { at })} />
            <TextInput
              label={t('onward.reference')}
              autoComplete="off"
              maxLength={64}
              value={row.reference}
              error={isReference(row.reference) ? undefined : t('reference.wrong')}
              onChange={({ currentTarget }) => put(place, { reference: currentTarget.value })}
            />
          </div>
        </fieldset>
      ))}
      {rows.length < onwardMax ? (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() =>
            change([...rows, { row: crypto.randomUUID(), to: '', amount: '', currency: usual, at: '', reference: '' }])
          }
        >
          {t('onward.add')}
        </Button>
      ) : null}
    </section>
  );
}
