import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import type { DirectoryView } from '../../../../server/src/directory/contract.ts';
import type { Links } from '../../../../server/src/federation/contract.ts';
import { get } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useView } from '../../link/view.ts';
import { useShortcuts } from '../../ui/keys.ts';
import { Page } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { Alarms } from './alarms.tsx';
import { Directory } from './directory.tsx';
import './federation.css';
import { IsolateButton } from './isolation.tsx';
import { LinkBoard } from './link-board.tsx';
import { Quarantine } from './quarantine.tsx';

const tabs = ['links', 'directory', 'held'] as const;

/** Who takes part, how it stands with each of them, and what is held back of what they say. */
export function Screen(): ReactElement {
  const { t } = useWords('federation');
  const may = useMay();
  const [view, change] = useView((raw) => ({ tab: oneOf(raw['tab'], tabs), at: raw['at'], state: raw['state'] }));
  const maySeeLinks = may('federation.read');
  const shown = tabs.filter(
    (tab) => tab === 'directory' || (tab === 'links' ? maySeeLinks : may('federation.quarantine')),
  );
  const tab = shown.find((one) => one === view.tab) ?? shown[0]!;
  const directory = useQuery({
    queryKey: ['/v1/directory'],
    queryFn: ({ signal }) => get<DirectoryView>('/v1/directory', { signal }),
    refetchInterval: 15_000,
  });
  const links = useQuery({
    queryKey: ['/v1/federation/links'],
    queryFn: ({ signal }) => get<Links>('/v1/federation/links', { signal }),
    enabled: maySeeLinks,
    refetchInterval: 3000,
  });
  const goTo = useMemo(
    () => (to: string | null) => change({ tab: to ?? undefined, at: undefined, state: undefined }, { push: true }),
    [change],
  );
  const shortcuts = useMemo(
    () => shown.map((one, at) => ({ keys: String(at + 1), label: t(`tab.${one}`), act: () => goTo(one) })),
    // oxlint-disable-next-line react/exhaustive-deps -- what is shown follows from the session, which stays
    [t, goTo],
  );
  useShortcuts(shortcuts);
  return (
    <Page
      title={t('title')}
      acts={
        <>
          {maySeeLinks ? <Link to="/receipts">{t('receipts.open')}</Link> : null}
          {may('directory.pause') && directory.data !== undefined ? (
            <IsolateButton isolated={directory.data.isolation !== null} />
          ) : null}
        </>
      }
    >
      <div className="federation">
        <Alarms directory={directory.data} links={links.data} />
        <Tabs value={tab} onChange={goTo}>
          <Tabs.List>
            {shown.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {t(`tab.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
        {tab === 'links' ? (
          <LinkBoard query={links} directory={directory.data} at={view.at} onAt={(at) => change({ at })} />
        ) : null}
        {tab === 'directory' ? (
          <Shown query={directory}>{(found) => <Directory directory={found} at={view.at} />}</Shown>
        ) : null}
        {tab === 'held' ? (
          <Quarantine
            state={view.state}
            at={view.at}
            onState={(state) => change({ state, at: undefined })}
            onAt={(at) => change({ at })}
          />
        ) : null}
      </div>
    </Page>
  );
}
