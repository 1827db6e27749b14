import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Return, ReturnOutcome } from '../../../../server/src/funds/return-contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { readAmount } from '../../ui/amounts.ts';
import { AmountEntry, InstantEntry } from '../../ui/entries.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf } from '../../ui/identifier.tsx';
import type { Seconded } from '../../ui/second-person.tsx';
import { useWords } from '../../ui/words.ts';
import { SecondPerson } from './hold-law.tsx';
import { sharesOf, ShareLines, type ShareDraft } from './return-shares.tsx';

interface FormProps {
  readonly found: Return;
  readonly onClose: () => void;
}

const touched = ({ id }: Return): readonly string[] => ['/v1/returns', `/v1/returns/${id}`, '/v1/approvals'];

/** A victim claims: to which account it would go back. */
export function AddClaim({ found, onClose }: FormProps): ReactElement {
  const { t } = useWords('funds');
  const usual = found.claims[0]?.amount.currency ?? found.available[0]?.currency ?? 'THB';
  const { draft, change, clear } = useDraft(`return-claim:${found.id}`, {
    account: '',
    amount: '',
    currency: usual,
    at: '',
  });
  const value = readAmount(draft.amount, draft.currency);
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t('return.add-claim')}
      what={<p style={{ margin: 0 }}>{t('return.add-claim.what')}</p>}
      submit={t('return.add-claim')}
      act={() =>
        post<Return>(`/v1/returns/${found.id}/claims`, {
          claims: [
            {
              account: draft.account.trim(),
              amount: { value, currency: draft.currency },
              ...(draft.at !== '' && { at: draft.at }),
            },
          ],
        })
      }
      done={() => t('return.add-claim.done')}
      touches={touched(found)}
      after={clear}
      isReady={draft.account.trim() !== '' && value !== undefined}
    >
      <TextInput
        label={t('return.victim')}
        description={t('return.account.hint')}
        required
        data-autofocus
        value={draft.account}
        onChange={({ currentTarget }) => change({ account: currentTarget.value })}
      />
      <AmountEntry
        label={t('return.lost')}
        required
        value={draft.amount}
        change={(amount) => change({ amount })}
        currency={draft.currency}
        changeCurrency={(currency) => change({ currency })}
      />
      <InstantEntry
        label={t('return.claimed-at')}
        hint={t('return.claimed-at.hint')}
        value={draft.at}
        change={(at) => change({ at })}
      />
    </ActForm>
  );
}

interface Decision {
  readonly court: string;
  readonly method: string;
  readonly shares: readonly ShareDraft[];
}

/** The decision of a court or authority on who is paid what. */
export function DecideReturnForm(props: FormProps & { note: (answer: Seconded, done: string) => void }): ReactElement {
  const { found, onClose, note } = props;
  const { t } = useWords('funds');
  const format = useFormat();
  const { draft, change, clear } = useDraft<Decision>(`return-decision:${found.id}`, {
    court: '',
    method: '',
    shares: [],
  });
  const isTracing = draft.method === 'tracing';
  const shares = isTracing ? sharesOf(draft.shares) : undefined;
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t('return.decide')}
      what={
        <p style={{ margin: 0 }}>
          {t('return.decide.what', { available: found.available.map((money) => format.money(money)).join(' + ') })}{' '}
          <SecondPerson act="return" />
        </p>
      }
      submit={t('return.decide')}
      color="cinnabar"
      act={() =>
        post<ReturnOutcome>(`/v1/returns/${found.id}/decision`, {
          court: draft.court.trim(),
          ...(draft.method !== '' && { method: draft.method }),
          ...(shares !== undefined && { shares }),
        })
      }
      touches={[...touched(found), '/v1/holds']}
      after={(answer) => {
        clear();
        note('proposal' in answer ? answer : {}, t('return.decide.done'));
      }}
      isReady={draft.court.trim() !== '' && (!isTracing || (shares !== undefined && shares.length > 0))}
    >
      <TextInput
        label={t('return.court')}
        description={t('return.court.hint')}
        required
        data-autofocus
        maxLength={200}
        value={draft.court}
        onChange={({ currentTarget }) => change({ court: currentTarget.value })}
      />
      <NativeSelect
        label={t('return.method')}
        description={
          draft.method === '' ? t('return.method.policy.what') : t(`terms:returnMethod.${draft.method}.what`)
        }
        value={draft.method}
        onChange={({ currentTarget }) => change({ method: currentTarget.value })}
        data={[
          { value: '', label: t('return.method.policy') },
          { value: 'pro-rata', label: t('terms:returnMethod.pro-rata') },
          { value: 'tracing', label: t('terms:returnMethod.tracing') },
        ]}
      />
      {isTracing ? (
        <ShareLines found={found} lines={draft.shares} change={(lines) => change({ shares: lines })} />
      ) : null}
    </ActForm>
  );
}

/** The bank has paid a claim, all of it by one reference. */
export function PayClaim(props: FormProps & { claim: Return['claims'][number] }): ReactElement {
  const { found, claim, onClose } = props;
  const { t } = useWords('funds');
  const format = useFormat();
  const { draft, change, clear } = useDraft(`return-paid:${claim.id}`, { reference: '' });
  const reference = draft.reference.trim();
  const isReadable = /^[\x21-\x7e]{1,64}$/.test(reference);
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t('return.pay-of', { account: captionOf(claim.account) })}
      what={
        <p style={{ margin: 0 }}>
          {t('return.pay.what', { amount: claim.payments.map(({ amount }) => format.money(amount)).join(' + ') })}
        </p>
      }
      submit={t('return.pay')}
      act={() => post<Return>(`/v1/returns/${found.id}/payments`, { claim: claim.id, reference })}
      done={() => t('return.pay.done')}
      touches={[...touched(found), '/v1/holds']}
      after={clear}
      isReady={isReadable}
    >
      <TextInput
        label={t('return.pay.reference')}
        description={t('return.pay.reference.hint')}
        required
        data-autofocus
        maxLength={64}
        value={draft.reference}
        onChange={({ currentTarget }) => change({ reference: currentTarget.value })}
        error={reference !== '' && !isReadable ? t('return.pay.reference.wrong') : undefined}
      />
    </ActForm>
  );
}
