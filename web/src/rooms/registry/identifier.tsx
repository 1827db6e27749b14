import { Button, CopyButton, Menu, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactElement } from 'react';
import type { MergedView } from '../../../../server/src/registry/contract.ts';
import type { ScreenResponse } from '../../../../server/src/screening/contract.ts';
import { get, post } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useGo, useParam, useView } from '../../link/view.ts';
import { countryIn } from '../../ui/country.ts';
import { captionOf, Identifier, splitKey } from '../../ui/identifier.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Facts, Page } from '../../ui/page.tsx';
import { Loading, Shown } from '../../ui/states.tsx';
import { MemberName, Tag, TierTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import './registry.css';

const tabs = ['said', 'history', 'neighbours', 'money', 'alerts', 'appeals'] as const;
type Tab = (typeof tabs)[number];

const Said = lazy(async () => ({ default: (await import('./said.tsx')).Said }));
const History = lazy(async () => ({ default: (await import('./history.tsx')).History }));
const Neighbours = lazy(async () => ({ default: (await import('./neighbours.tsx')).Neighbours }));
const Money = lazy(async () => ({ default: (await import('./money.tsx')).Money }));
const AlertsOn = lazy(async () => ({ default: (await import('./matters.tsx')).AlertsOn }));
const Appeals = lazy(async () => ({ default: (await import('./matters.tsx')).Appeals }));

export const mergedPath = '/v1/registry/identifiers';
/** Types that money moves between. */
const movesMoney = (key: string): boolean => ['account', 'wallet'].includes(splitKey(key).type);

/** Everything that is known here of one identifier: who says what, since when, and what can be done. */
export function Screen(): ReactElement {
  const asked = useParam('key');
  const merged = useQuery({
    queryKey: [mergedPath, asked],
    queryFn: ({ signal }) =>
      get<MergedView>(`${mergedPath}/${encodeURIComponent(asked)}`, { purpose: 'investigation', signal }),
  });
  const key = merged.data?.key ?? asked;
  const caption = merged.data?.caption ?? captionOf(asked);
  return (
    <Page title={caption} beside={<CopyKey of={key} />} acts={<Acts of={key} />}>
      <Shown query={merged}>
        {(view) => (
          <>
            <Head view={view} />
            <Sections view={view} />
          </>
        )}
      </Shown>
    </Page>
  );
}

function CopyKey({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  return (
    <CopyButton value={of}>
      {({ copied, copy }) => (
        <Button variant="subtle" size="compact-xs" onClick={copy}>
          {copied ? t('identifier.copied') : t('identifier.copy')}
        </Button>
      )}
    </CopyButton>
  );
}

/** What can be done with it; each leads to the form that does it, filled in as far as it can be. */
function Acts({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  const may = useMay();
  const go = useGo();
  const key = encodeURIComponent(of);
  const others = [
    ['alerts.watch', t('identifier.watch'), `/watches?pattern=${key}`],
    ['funds.report', t('identifier.report'), `/report?to=${key}`],
    ['liaison.ask', t('identifier.request'), `/requests/new?about=${key}`],
  ] as const;
  const allowed = others.filter(([permission]) => may(permission) && (permission !== 'funds.report' || movesMoney(of)));
  return (
    <>
      {may('registry.list') ? <Button onClick={() => go(`/list?key=${key}`)}>{t('identifier.list')}</Button> : null}
      {allowed.length === 0 ? null : (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default">{t('identifier.more')}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {allowed.map(([permission, label, path]) => (
              <Menu.Item key={permission} onClick={() => go(path)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

const adviceTones: Readonly<Record<string, Tone>> = {
  block: 'cinnabar',
  hold: 'ochre',
  challenge: 'ochre',
  watch: 'bronze',
  clear: 'patina',
};

function Head({ view }: { view: MergedView }): ReactElement {
  const { t, language } = useWords('registry');
  const said = useSaid();
  const { key, tier, members, typologies } = view;
  const { type } = splitKey(key);
  const home = useQuery({
    queryKey: ['home-of', key],
    queryFn: async () => {
      const { homeOf } = await import('@bronze-drum/protocol/identifiers/home');
      return homeOf(key as Parameters<typeof homeOf>[0]) ?? null;
    },
    staleTime: Infinity,
  });
  return (
    <section className="panel registry-head">
      <Advice of={key} view={view} />
      <Facts
        facts={[
          [t('identifier.type'), t(`terms:identifierType.${type}`)],
          [t('identifier.country'), home.data == null ? undefined : countryIn(home.data, language)],
          [
            t('identifier.key'),
            <span key="key" className="mono">
              {key}
            </span>,
          ],
          [t('identifier.strongest'), tier === undefined ? undefined : <TierTag key="tier" tier={tier} />],
          [
            t('identifier.listed-by'),
            members.length === 0
              ? undefined
              : members.map((one) => (
                  <Tag key={one} tone="indigo">
                    <MemberName code={one} />
                  </Tag>
                )),
          ],
          [
            t('identifier.typologies'),
            typologies.length === 0 ? undefined : typologies.map((one) => said('typologies', one)).join(' · '),
          ],
        ]}
      />
    </section>
  );
}

/** What this member's server advises who asks about it. An officer's question leaves no hit; it is recorded as a read. */
function Advice({ of, view }: { of: string; view: MergedView }): ReactElement {
  const { t } = useWords('registry');
  const may = useMay();
  const asked = useQuery({
    queryKey: ['/v1/screen', of, view.now],
    enabled: may('screening.screen'),
    queryFn: ({ signal }) =>
      post<ScreenResponse>('/v1/screen', { identifiers: [of] }, { purpose: 'investigation', signal }),
  });
  const answer = asked.data?.results[0];
  if (answer === undefined || 'refused' in answer)
    return (
      <p className="registry-advice">
        {view.tier === undefined ? t('identifier.not-listed') : t('identifier.listed-now')}
      </p>
    );
  const { advice, match, discreet } = answer;
  return (
    <div className="registry-advice">
      <Tag tone={adviceTones[advice] ?? 'stone'}>{t(`terms:advice.${advice}`)}</Tag>{' '}
      <span>{t(`terms:advice.${advice}.what`)}</span>
      {match?.key === undefined ? null : (
        <p>
          {t(`terms:match.${match.kind}`)} <Identifier of={match.key} />
        </p>
      )}
      {discreet === true ? <p className="soft">{t('identifier.discreet')}</p> : null}
    </div>
  );
}

function Sections({ view }: { view: MergedView }): ReactElement {
  const { t } = useWords('registry');
  const may = useMay();
  const [{ tab }, change] = useView((raw) => ({ tab: oneOf(raw['tab'], tabs) ?? 'said' }));
  const isShown: Readonly<Record<Tab, boolean>> = {
    said: true,
    history: true,
    neighbours: true,
    money: movesMoney(view.key) && may('funds.read'),
    alerts: may('alerts.read'),
    appeals: true,
  };
  const counts: Partial<Record<Tab, number>> = {
    said: view.listings.length,
    appeals: view.appeals.length + view.decisions.length,
  };
  const shown = tabs.filter((one) => isShown[one]);
  const current = shown.includes(tab) ? tab : 'said';
  return (
    <Tabs value={current} onChange={(next) => change({ tab: next === 'said' ? undefined : (next ?? undefined) })}>
      <Tabs.List className="registry-tabs">
        {shown.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {t(`tab.${one}`)}
            {counts[one] === undefined || counts[one] === 0 ? null : <span className="faint"> {counts[one]}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={current} className="registry-section">
        <Suspense fallback={<Loading />}>
          {current === 'said' ? <Said view={view} /> : null}
          {current === 'history' ? <History of={view.key} /> : null}
          {current === 'neighbours' ? (
            <Neighbours key={view.key} of={view.key} hasMoney={movesMoney(view.key)} />
          ) : null}
          {current === 'money' ? <Money of={view.key} /> : null}
          {current === 'alerts' ? <AlertsOn of={view.key} /> : null}
          {current === 'appeals' ? <Appeals view={view} /> : null}
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}
