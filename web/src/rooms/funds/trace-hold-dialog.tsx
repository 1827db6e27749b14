import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { Hold, OrderedHolds } from '../../../../server/src/funds/contract.ts';
import { post, Refused } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useAct } from '../../ui/act.tsx';
import { readAmount } from '../../ui/amounts.ts';
import { AmountEntry } from '../../ui/entries.tsx';
import { useFormat, type Money } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { useLanguageName } from '../../ui/language.ts';
import { RefusalNotice } from '../../ui/refusal.tsx';
import type { Seconded } from '../../ui/second-person.tsx';
import { languages, useSaid, useWords, type Language } from '../../ui/words.ts';
import { SecondPerson, useHoldRules } from './hold-law.tsx';

type Done = Extract<OrderedHolds, { readonly results: unknown }>;

interface DialogProps {
  readonly trace: string;
  /** What is proposed, or was refused and is asked for again. */
  readonly chosen: readonly Hold[];
  readonly close: () => void;
  readonly note: (answer: Seconded, done: string) => void;
}

/** One act for many accounts: what exactly will be stopped, for how long, and what the law asks; then what came of each. */
export function HoldDialog({ trace, chosen, close, note }: DialogProps): ReactElement {
  const { t, language } = useWords('funds');
  // What was asked about when it was opened: a hold that is ordered meanwhile stays on the list.
  const [listed] = useState(chosen);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const { draft, change, clear } = useDraft(`hold:${trace}`, { minutes: '', amount: '', text: '', language });
  const [results, setResults] = useState<Done['results'] | undefined>(undefined);
  const picked = listed.filter(({ id }) => !left.has(id));
  const single = picked.length === 1 ? picked[0] : undefined;
  const minutes = draft.minutes.trim() === '' ? undefined : Number(draft.minutes);
  const amount =
    single === undefined || draft.amount === '' ? undefined : readAmount(draft.amount, single.taint.currency);
  const isReady =
    picked.length > 0 &&
    (minutes === undefined || (Number.isInteger(minutes) && minutes > 0)) &&
    (single === undefined || draft.amount === '' || amount !== undefined);
  const ordering = useAct<void, OrderedHolds>({
    act: () =>
      post('/v1/holds/order', {
        trace,
        holds: picked.map(({ id }) => id),
        ...(minutes !== undefined && { minutes }),
        ...(amount !== undefined && { amount }),
        ...(draft.text.trim() !== '' && { text: { language: draft.language, text: draft.text.trim() } }),
      }),
    quiet: true,
    touches: ['/v1/holds', `/v1/traces/${trace}`],
    after: (answer) => {
      clear();
      if (!('results' in answer)) {
        note(answer, '');
        close();
        return;
      }
      const ordered = answer.results.filter(({ refused }) => refused === undefined).length;
      note({ review: answer.review }, t('trace.hold.done', { count: ordered }));
      if (ordered === answer.results.length) close();
      else setResults(answer.results);
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isReady && !ordering.isPending) ordering.mutate();
  };
  const pick = (id: string, isPicked: boolean): void => {
    const next = new Set(left);
    if (isPicked) next.delete(id);
    else next.add(id);
    setLeft(next);
  };
  return (
    <Modal opened onClose={close} size="xl" title={t('trace.hold.title', { count: picked.length })}>
      {results === undefined ? (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <p className="trace-plain">{t('trace.hold.what')}</p>
            <Accounts listed={listed} left={left} pick={pick} />
            <Totals holds={picked} />
            <Law picked={picked} />
            <Wishes single={single} draft={draft} change={change} />
            {ordering.error === null ? null : <RefusalNotice error={ordering.error} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                {t('trace.hold.cancel')}
              </Button>
              <Button type="submit" loading={ordering.isPending} disabled={!isReady} data-autofocus>
                {t('trace.hold.submit', { count: picked.length })}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Results results={results} close={close} />
      )}
    </Modal>
  );
}

function Accounts(props: {
  listed: readonly Hold[];
  left: ReadonlySet<string>;
  pick: (id: string, isPicked: boolean) => void;
}): ReactElement {
  const { listed, left, pick } = props;
  const { t } = useWords('funds');
  const said = useSaid();
  const format = useFormat();
  return (
    <div className="list trace-table trace-picking">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('trace.hold.column.pick')}</th>
            <th scope="col">{t('trace.hold.column.account')}</th>
            <th scope="col">{t('trace.hold.column.institution')}</th>
            <th scope="col" className="end">
              {t('trace.hold.column.most')}
            </th>
            <th scope="col" className="end">
              {t('trace.hold.column.balance')}
            </th>
          </tr>
        </thead>
        <tbody>
          {listed.map(({ id, key, institution, taint, balance, end, hop, refusal }) => (
            <tr key={id}>
              <td>
                <Checkbox
                  checked={!left.has(id)}
                  onChange={({ currentTarget }) => pick(id, currentTarget.checked)}
                  aria-label={t('trace.hold.pick', { account: key })}
                />
              </td>
              <td>
                <Identifier of={key} plain />
                <div className="soft">
                  {t('flow.step', { step: hop })} · {said('placeEnds', end)}
                </div>
                {refusal === undefined ? null : (
                  <div className="soft">{t('trace.hold.refused-before', { why: said('orderRefusals', refusal) })}</div>
                )}
              </td>
              <td>{institution}</td>
              <td className="end nowrap">{format.money(taint)}</td>
              <td className="end nowrap">{balance === undefined ? '–' : format.money(balance)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function totalsOf(holds: readonly Hold[]): Money[] {
  return [...Map.groupBy(holds, ({ taint }) => taint.currency)].map(([currency, some]) => ({
    currency,
    value: String(some.reduce((sum, { taint }) => sum + BigInt(taint.value), 0n)),
  }));
}

/** The most that the institutions will be told to stop, a sum for each currency. */
export function Totals({ holds }: { holds: readonly Hold[] }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  return (
    <p className="trace-plain trace-total">
      {totalsOf(holds).map((money) => (
        <strong key={money.currency}>{t('trace.hold.total', { amount: format.money(money) })}</strong>
      ))}
    </p>
  );
}

const farEnds: ReadonlySet<Hold['end']> = new Set(['merchant', 'exchange', 'pooled']);

function Law({ picked }: { picked: readonly Hold[] }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const rules = useHoldRules();
  const first = rules?.stages[0];
  const again = picked.find(({ state, until }) => state !== 'proposed' && until !== undefined);
  return (
    <ul className="trace-law">
      <li>
        {again !== undefined
          ? t('trace.hold.law.time-again', { time: format.instant(again.until!) })
          : first === undefined
            ? '…'
            : t('trace.hold.law.time', {
                stage: t(`terms:holdStage.${first.name}`),
                time: format.duration(first.hours * 3_600_000),
              })}
      </li>
      <li>{t('trace.hold.law.next')}</li>
      {rules?.secondPerson.includes('order') === true ? (
        <li>
          <SecondPerson act="order" />
        </li>
      ) : null}
      <li>{t('trace.hold.law.leave')}</li>
      <li>{t('trace.hold.law.told')}</li>
      {picked.some(({ end }) => farEnds.has(end)) ? (
        <li>
          <strong>{t('trace.hold.law.merchant')}</strong>
        </li>
      ) : null}
    </ul>
  );
}

interface Wished {
  readonly minutes: string;
  readonly amount: string;
  readonly text: string;
  readonly language: Language;
}

function Wishes(props: {
  single: Hold | undefined;
  draft: Wished;
  change: (part: Partial<Wished>) => void;
}): ReactElement {
  const { single, draft, change } = props;
  const { t } = useWords('funds');
  const languageName = useLanguageName();
  return (
    <details className="trace-wishes" open={draft.minutes + draft.amount + draft.text !== ''}>
      <summary>{t('trace.hold.wishes')}</summary>
      <Stack gap="sm" mt="xs">
        {single === undefined ? null : (
          <AmountEntry
            label={t('trace.hold.amount')}
            hint={t('trace.hold.amount.hint')}
            value={draft.amount}
            change={(amount) => change({ amount })}
            currency={single.taint.currency}
          />
        )}
        <TextInput
          label={t('trace.hold.minutes')}
          description={t('trace.hold.minutes.hint')}
          inputMode="numeric"
          value={draft.minutes}
          error={/^\s*\d*\s*$/.test(draft.minutes) ? undefined : t('trace.hold.minutes.wrong')}
          onChange={({ currentTarget }) => change({ minutes: currentTarget.value })}
        />
        <Textarea
          label={t('trace.hold.text')}
          description={t('trace.hold.text.hint')}
          value={draft.text}
          maxLength={4000}
          onChange={({ currentTarget }) => change({ text: currentTarget.value })}
        />
        {draft.text === '' ? null : (
          <NativeSelect
            label={t('trace.hold.text.language')}
            value={draft.language}
            data={languages.map((value) => ({ value, label: languageName(value) }))}
            onChange={({ currentTarget }) =>
              change({ language: languages.find((one) => one === currentTarget.value) ?? 'en' })
            }
          />
        )}
      </Stack>
    </details>
  );
}

/** Where an order did not reach everybody: which, and why not. */
function Results({ results, close }: { results: Done['results']; close: () => void }): ReactElement {
  const { t } = useWords('funds');
  return (
    <Stack gap="sm">
      <p className="trace-plain">{t('trace.hold.results')}</p>
      {results.map(({ id, hold, refused, params }) => (
        <div key={id}>
          <Identifier of={hold.key} />
          {refused === undefined ? (
            <p className="trace-plain">{t('trace.hold.ordered')}</p>
          ) : (
            <RefusalNotice
              error={new Refused({ code: refused, status: 409, ...(params !== undefined && { params }) })}
            />
          )}
        </div>
      ))}
      <Group justify="flex-end">
        <Button onClick={close} data-autofocus>
          {t('trace.hold.close')}
        </Button>
      </Group>
    </Stack>
  );
}
