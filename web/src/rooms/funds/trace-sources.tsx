import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { Sources, Trace } from '../../../../server/src/funds/contract.ts';
import { get } from '../../link/call.ts';
import { useView } from '../../link/view.ts';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { captionOf, Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';

/** Others who paid into the same account, and have perhaps not called yet. Looked up when somebody asks: each reading is recorded. */
export function TraceSources({ trace, self }: { trace: Trace; self: string }): ReactElement {
  const { t } = useWords('funds');
  const [{ payers }, change] = useView((raw) => ({ payers: raw['payers'] }));
  const accounts = trace.places
    .filter(({ member, key, end }) => member === self && key !== null && end !== 'abroad')
    .toSorted((a, b) => Number(BigInt(b.reached.value) - BigInt(a.reached.value)))
    .map(({ key }) => key!);
  const [chosen, setChosen] = useState(payers ?? accounts[0] ?? '');
  return (
    <Panel title={t('trace.sources')} className="trace-sources">
      <p className="trace-plain soft">{t('trace.sources.what')}</p>
      {accounts.length === 0 ? (
        <p className="trace-plain">{t('trace.sources.no-account')}</p>
      ) : (
        <div className="trace-asked">
          <NativeSelect
            label={t('trace.sources.account')}
            value={chosen}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
            data={[...new Set(accounts)].map((value) => ({ value, label: captionOf(value) }))}
          />
          <Button variant="default" size="sm" onClick={() => change({ payers: chosen })}>
            {t('trace.sources.find')}
          </Button>
        </div>
      )}
      {payers === undefined ? null : <Payers trace={trace.id} account={payers} />}
    </Panel>
  );
}

function Payers({ trace, account }: { trace: string; account: string }): ReactElement {
  const { t } = useWords('funds');
  const path = `/v1/traces/${trace}/sources`;
  const found = useQuery({
    queryKey: [path, { account }],
    queryFn: ({ signal }) => get<Sources>(path, { query: { account }, purpose: 'investigation', signal }),
    staleTime: 60_000,
  });
  return (
    <Shown query={found}>
      {({ payers }) =>
        payers.length === 0 ? (
          <p className="trace-plain">{t('trace.sources.none')}</p>
        ) : (
          <ul className="trace-payers">
            {payers.map((payer) => (
              <Payer key={payer.key ?? ''} payer={payer} />
            ))}
          </ul>
        )
      }
    </Shown>
  );
}

function Payer({ payer }: { payer: Sources['payers'][number] }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const { key, payments, amount, firstAt, lastAt } = payer;
  return (
    <li>
      <span>{key === null ? t('flow.cash') : <Identifier of={key} />}</span>
      <span className="nowrap">{format.money(amount)}</span>
      <span className="soft">
        {t('trace.sources.payments', { count: payments })} · <Instant at={firstAt} short />
        {firstAt === lastAt ? null : (
          <>
            {' – '}
            <Instant at={lastAt} short />
          </>
        )}
      </span>
    </li>
  );
}
