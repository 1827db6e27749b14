import { Button, NativeSelect, Tabs, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import { statementKinds } from '@bronze-drum/protocol/statements/kinds';
import type { DirectoryView } from '../../../../server/src/directory/contract.ts';
import { callForBlob, get } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { InstantEntry } from '../../ui/entries.tsx';
import { Page } from '../../ui/page.tsx';
import { saveBlob } from '../../ui/save.ts';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import './federation.css';
import { Given } from './ledger-given.tsx';
import { RefusedCalls } from './ledger-refused.tsx';
import { ledgerTabs, readLedgerView, type LedgerView } from './ledger-view.ts';

/** Our ledger: what we gave, to whom, when and on what basis; and what we refused. */
export function Screen(): ReactElement {
  const { t } = useWords('federation');
  const [view, change] = useView(readLedgerView);
  const { reader, key, kind, from, to } = view;
  const saving = useAct({
    act: async () => {
      const blob = await callForBlob('/v1/federation/ledger/export', {
        query: { reader, key, kind, from, to },
        purpose: 'audit',
      });
      saveBlob(blob, 'ledger.ndjson');
      return blob;
    },
    done: () => t('ledger.saved'),
  });
  return (
    <Page
      title={t('ledger.title')}
      full
      acts={
        view.tab === 'given' ? (
          <Button
            variant="default"
            title={t('ledger.save.hint')}
            loading={saving.isPending}
            onClick={() => saving.mutate()}
          >
            {t('ledger.save')}
          </Button>
        ) : null
      }
    >
      <div className="federation-ledger">
        <Tabs value={view.tab} onChange={(tab) => change({ tab: tab ?? undefined, at: undefined }, { push: true })}>
          <Tabs.List>
            {ledgerTabs.map((tab) => (
              <Tabs.Tab key={tab} value={tab}>
                {t(`ledger.tab.${tab}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        <Filters view={view} change={change} />
        {view.tab === 'given' ? (
          <Given view={view} onAt={(at) => change({ at })} />
        ) : (
          <RefusedCalls from={from} to={to} reader={reader} />
        )}
      </div>
    </Page>
  );
}

type Change = (change: Partial<Record<keyof LedgerView, string | undefined>>) => void;

function Filters({ view, change }: { view: LedgerView; change: Change }): ReactElement {
  const { t } = useWords('federation');
  const nameOf = useMemberName();
  const may = useMay();
  const directory = useQuery({
    queryKey: ['/v1/directory'],
    queryFn: ({ signal }) => get<DirectoryView>('/v1/directory', { signal }),
    enabled: may('directory.read'),
  });
  const parties = useMemo(() => {
    const others =
      directory.data?.parties.map(({ party }) => party).filter((code) => code !== directory.data.self) ?? [];
    return [...new Set([...others, ...(view.reader === undefined ? [] : [view.reader])])];
  }, [directory.data, view.reader]);
  const isGiven = view.tab === 'given';
  return (
    <div className="filters" role="search">
      <NativeSelect
        label={t('ledger.reader')}
        value={view.reader ?? ''}
        onChange={({ currentTarget }) => change({ reader: currentTarget.value, at: undefined })}
        data={[
          { value: '', label: t('ledger.everybody') },
          ...parties.map((code) => ({ value: code, label: nameOf(code) })),
        ]}
      />
      {isGiven ? (
        <>
          <NativeSelect
            label={t('ledger.kind')}
            value={view.kind ?? ''}
            onChange={({ currentTarget }) => change({ kind: currentTarget.value, at: undefined })}
            data={[
              { value: '', label: t('ledger.all-kinds') },
              ...Object.keys(statementKinds).map((kind) => ({ value: kind, label: t(`terms:statementKind.${kind}`) })),
            ]}
          />
          <KeyFilter key={view.key ?? ''} given={view.key ?? ''} ask={(key) => change({ key, at: undefined })} />
        </>
      ) : null}
      <InstantEntry
        label={t('ledger.from')}
        value={view.from ?? ''}
        change={(from) => change({ from, at: undefined })}
      />
      <InstantEntry label={t('ledger.to')} value={view.to ?? ''} change={(to) => change({ to, at: undefined })} />
      {[view.reader, view.kind, view.key, view.from, view.to].some((one) => one !== undefined && one !== '') ? (
        <Button
          variant="subtle"
          onClick={() => change({ reader: undefined, kind: undefined, key: undefined, from: undefined, to: undefined })}
        >
          {t('ledger.clear')}
        </Button>
      ) : null}
    </div>
  );
}

/** Asked when it is whole: on Enter, or when the field is left. */
function KeyFilter({ given, ask }: { given: string; ask: (key: string) => void }): ReactElement {
  const { t } = useWords('federation');
  return (
    <TextInput
      label={t('ledger.key')}
      defaultValue={given}
      placeholder={t('ledger.key.example')}
      autoComplete="off"
      onBlur={({ currentTarget }) => {
        if (currentTarget.value.trim() !== given) ask(currentTarget.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') ask(event.currentTarget.value.trim());
      }}
    />
  );
}
