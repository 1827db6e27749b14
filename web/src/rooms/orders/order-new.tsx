import { Button, Group, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactElement, SubmitEvent } from 'react';
import type { Issued, OrderByHand } from '../../../../server/src/orders/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { readAmount } from '../../ui/amounts.ts';
import { AmountEntry, InstantEntry } from '../../ui/entries.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { say } from '../../ui/toast.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import './orders.css';

type Kind = OrderByHand['kind'];
const kinds: readonly Kind[] = ['block-number', 'preserve-records', 'identify-holder', 'report-onward'];
/** What stays so until it ends says when. */
const lasting: readonly Kind[] = ['block-number', 'preserve-records'];

interface Draft {
  readonly subject: string;
  readonly institution: string;
  readonly until: string;
  readonly text: string;
  readonly amount: string;
  readonly currency: string;
  readonly paidAt: string;
  readonly reference: string;
}
const blank: Draft = {
  subject: '',
  institution: '',
  until: '',
  text: '',
  amount: '',
  currency: 'THB',
  paidAt: '',
  reference: '',
};

/** An order by hand: the form of each kind. Holds are ordered where it is known how much may be held. */
export function Screen(): ReactElement {
  const { t, language } = useWords('orders');
  const said = useSaid();
  const go = useGo();
  const [view, changeView] = useView((raw) => ({
    kind: oneOf(raw['kind'], kinds) ?? 'preserve-records',
    subject: raw['subject'] ?? '',
    institution: raw['institution'] ?? '',
  }));
  const { kind } = view;
  const { draft, change, clear } = useDraft('order', {
    ...blank,
    subject: view.subject,
    institution: view.institution,
  });
  const amount = readAmount(draft.amount, draft.currency);
  const hasPayment = kind === 'report-onward' && draft.amount.trim() !== '';
  const isReady =
    draft.subject.trim() !== '' &&
    (!lasting.includes(kind) || draft.until !== '') &&
    (!hasPayment || (amount !== undefined && draft.paidAt !== ''));
  const issuing = useAct({
    quiet: true,
    act: () => {
      const order: OrderByHand = {
        kind,
        subject: draft.subject.trim(),
        ...(draft.institution.trim() !== '' && { institution: draft.institution.trim() }),
        ...(draft.until !== '' && { until: draft.until }),
        ...(draft.text.trim() !== '' && { text: { language, text: draft.text.trim() } }),
        ...(hasPayment && {
          payment: {
            amount: { value: amount!, currency: draft.currency },
            at: draft.paidAt,
            ...(draft.reference.trim() !== '' && { reference: draft.reference.trim() }),
          },
        }),
      };
      return post<Issued>('/v1/orders', order);
    },
    touches: ['/v1/orders', '/v1/approvals'],
    after: ({ order, proposal, review }) => {
      clear();
      if (order === undefined) return go(`/approvals/${proposal}`);
      say(t('new.done'));
      go(`/orders/${order.id}${review === undefined ? '' : `?review=${review}`}`);
    },
  });
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isReady && !issuing.isPending) issuing.mutate();
  };
  return (
    <Page title={t('new.title')}>
      <Panel>
        <form className="order-form" onSubmit={send}>
          <Radio.Group label={t('order.kind')} value={kind} onChange={(value) => changeView({ kind: value })}>
            <Stack gap={8} mt={6}>
              {kinds.map((one) => (
                <Radio key={one} value={one} label={said('orderKinds', one)} description={t(`new.kind.${one}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <p className="soft" style={{ margin: 0 }}>
            {t('new.holds')} <Link to="/traces">{t('new.holds.open')}</Link>
          </p>
          <TextInput
            label={t(kind === 'block-number' ? 'new.number' : 'new.subject')}
            description={t(`new.subject.${kind}`)}
            required
            autoFocus
            maxLength={2300}
            value={draft.subject}
            onChange={({ currentTarget }) => change({ subject: currentTarget.value })}
          />
          <TextInput
            label={t('order.institution')}
            description={t('new.institution.hint')}
            maxLength={64}
            value={draft.institution}
            onChange={({ currentTarget }) => change({ institution: currentTarget.value })}
          />
          <InstantEntry
            label={t('order.until')}
            hint={t(lasting.includes(kind) ? 'new.until.needed' : 'new.until.hint')}
            required={lasting.includes(kind)}
            value={draft.until}
            change={(until) => change({ until })}
          />
          {kind === 'report-onward' ? <Payment draft={draft} change={change} /> : null}
          <Textarea
            label={t('order.text')}
            description={t('new.text.hint')}
            maxLength={4000}
            value={draft.text}
            onChange={({ currentTarget }) => change({ text: currentTarget.value })}
          />
          {issuing.error === null ? null : <RefusalNotice error={issuing.error} />}
          <Group gap="xs">
            <Button type="submit" loading={issuing.isPending} disabled={!isReady}>
              {t('new.submit')}
            </Button>
            <Button variant="default" onClick={() => go('/orders')}>
              {t('new.cancel')}
            </Button>
          </Group>
        </form>
      </Panel>
    </Page>
  );
}

/** The payment after which the money went on, so that the institution finds it. */
function Payment({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }): ReactElement {
  const { t } = useWords('orders');
  return (
    <>
      <AmountEntry
        label={t('new.payment.amount')}
        hint={t('new.payment.hint')}
        value={draft.amount}
        change={(amount) => change({ amount })}
        currency={draft.currency}
        changeCurrency={(currency) => change({ currency })}
      />
      {draft.amount.trim() === '' ? null : (
        <>
          <InstantEntry
            label={t('new.payment.at')}
            required
            value={draft.paidAt}
            change={(paidAt) => change({ paidAt })}
          />
          <TextInput
            label={t('new.payment.reference')}
            maxLength={64}
            value={draft.reference}
            onChange={({ currentTarget }) => change({ reference: currentTarget.value })}
          />
        </>
      )}
    </>
  );
}
