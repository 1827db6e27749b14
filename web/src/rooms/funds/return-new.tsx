import { Button, Group, TextInput } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import type { ReactElement, SubmitEvent } from 'react';
import type { Trace } from '../../../../server/src/funds/contract.ts';
import type { NewReturn, Return } from '../../../../server/src/funds/return-contract.ts';
import { get, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useGo, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { readAmount } from '../../ui/amounts.ts';
import { AmountEntry } from '../../ui/entries.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { Loading } from '../../ui/states.tsx';
import { say } from '../../ui/toast.tsx';
import { useWords } from '../../ui/words.ts';
import { claimsOfReports, type ClaimDraft } from './return-claims.ts';
import './return.css';

const idPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** A return is opened for some traces: their victims claim, until the time of the law is over. */
export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const [{ traces }, change] = useView((raw) => ({ traces: [...new Set(raw['traces']?.match(idPattern) ?? [])] }));
  return (
    <Page title={t('return.open')}>
      {traces.length === 0 ? (
        <WhichTraces choose={(text) => change({ traces: text.match(idPattern)?.join(',') })} />
      ) : (
        <Form key={traces.join(',')} traces={traces} />
      )}
    </Page>
  );
}

function WhichTraces({ choose }: { choose: (text: string) => void }): ReactElement {
  const { t } = useWords('funds');
  const { draft, change } = useDraft('return-traces', { text: '' });
  return (
    <Panel>
      <form
        className="return-claims"
        onSubmit={(event) => {
          event.preventDefault();
          choose(draft.text);
        }}
      >
        <TextInput
          label={t('return.which-traces')}
          description={t('return.which-traces.hint')}
          autoFocus
          value={draft.text}
          onChange={({ currentTarget }) => change({ text: currentTarget.value })}
        />
        <div>
          <Button type="submit" disabled={draft.text.match(idPattern) === null}>
            {t('return.go-on')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function useTraces(ids: readonly string[]) {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: [`/v1/traces/${id}`],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get<Trace>(`/v1/traces/${id}`, { purpose: 'investigation', signal }),
    })),
  });
}

function Form({ traces }: { traces: readonly string[] }): ReactElement {
  const { t } = useWords('funds');
  const go = useGo();
  const queries = useTraces(traces);
  const found = queries.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const error = queries.find((query) => query.error !== null)?.error;
  const { draft, change, clear } = useDraft<{ claims: readonly ClaimDraft[] }>(`return:${traces.join(',')}`, {
    claims: [],
  });
  const { claims } = draft;
  const isReady = claims.every(
    ({ account, amount, currency }) => account.trim() !== '' && readAmount(amount, currency) !== undefined,
  );
  const opening = useAct({
    quiet: true,
    act: () =>
      post<Return>('/v1/returns', {
        traces: [...traces],
        claims: claims.map(({ account, amount, currency, report }) => ({
          account: account.trim(),
          amount: { value: readAmount(amount, currency)!, currency },
          ...(report !== undefined && { report }),
        })),
      } satisfies NewReturn),
    touches: ['/v1/returns'],
    after: ({ id }) => {
      clear();
      say(t('return.open.done'));
      go(`/returns/${id}`);
    },
  });
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isReady && !opening.isPending) opening.mutate();
  };
  return (
    <form onSubmit={send} className="return-claims">
      <Panel title={t('return.traces')}>
        {error === undefined ? null : <RefusalNotice error={error} />}
        {found.length < traces.length && error === undefined ? <Loading /> : null}
        <TraceTable traces={found} />
      </Panel>
      <Panel
        title={t('return.claims')}
        acts={
          <Button
            variant="default"
            disabled={found.length === 0}
            onClick={() => change({ claims: claimsOfReports(found) })}
          >
            {t('return.from-reports')}
          </Button>
        }
      >
        <ClaimLines
          claims={claims}
          change={(next) => change({ claims: next })}
          usual={found[0]?.amount.currency ?? 'THB'}
        />
      </Panel>
      {opening.error === null ? null : <RefusalNotice error={opening.error} />}
      <Group gap="xs">
        <Button type="submit" loading={opening.isPending} disabled={!isReady}>
          {t('return.open')}
        </Button>
        <Button variant="default" onClick={() => go('/returns')}>
          {t('return.back')}
        </Button>
      </Group>
    </form>
  );
}

function TraceTable({ traces }: { traces: readonly Trace[] }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  return (
    <div className="list return-traces">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('hold.trace')}</th>
            <th scope="col" className="end">
              {t('return.stolen')}
            </th>
            <th scope="col" className="end">
              {t('return.seized')}
            </th>
            <th scope="col" className="end">
              {t('return.reports')}
            </th>
          </tr>
        </thead>
        <tbody>
          {traces.map(({ id, amount, seized, reports }) => (
            <tr key={id}>
              <td>
                <Identifier of={`trace:${id}`} />
              </td>
              <td className="end nowrap">{format.money(amount)}</td>
              <td className="end nowrap">{format.money(seized)}</td>
              <td className="end">{format.number(reports.length)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ClaimLinesProps {
  readonly claims: readonly ClaimDraft[];
  readonly change: (claims: readonly ClaimDraft[]) => void;
  /** The currency of the theft. */
  readonly usual: string;
}

function ClaimLines({ claims, change, usual }: ClaimLinesProps): ReactElement {
  const { t } = useWords('funds');
  const put = (key: string, part: Partial<ClaimDraft>): void =>
    change(claims.map((claim) => (claim.key === key ? { ...claim, ...part } : claim)));
  return (
    <div className="return-claims">
      <p className="soft" style={{ margin: 0 }}>
        {t('return.claims.what')}
      </p>
      {claims.map((claim) => (
        <div key={claim.key} className="return-line">
          <TextInput
            label={t('return.victim')}
            required
            value={claim.account}
            onChange={({ currentTarget }) => put(claim.key, { account: currentTarget.value })}
          />
          <AmountEntry
            label={t('return.lost')}
            required
            value={claim.amount}
            change={(amount) => put(claim.key, { amount })}
            currency={claim.currency}
            changeCurrency={(currency) => put(claim.key, { currency })}
          />
          <Button variant="default" onClick={() => change(claims.filter(({ key }) => key !== claim.key))}>
            {t('return.remove')}
          </Button>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          onClick={() => change([...claims, { key: crypto.randomUUID(), account: '', amount: '', currency: usual }])}
        >
          {t('return.add-claim')}
        </Button>
      </div>
    </div>
  );
}
