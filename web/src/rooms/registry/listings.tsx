import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { foundingMembers } from '@bronze-drum/protocol/members';
import { tiers, typologies } from '@bronze-drum/protocol/statements/listing';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState, type SubmitEvent, type ReactElement } from 'react';
import type { Listing, ListingPage, ListingQuery } from '../../../../server/src/registry/contract.ts';
import { useList } from '../../link/lists.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { useBookText } from '../../ui/book.tsx';
import { useMemberName } from '../../ui/member.ts';
import { Ago, Instant } from '../../ui/clock.tsx';
import { captionOf, Identifier, pathOf, splitKey } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { MemberName, Tag, TierTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import './registry.css';

const states = ['listed', 'withdrawn', 'released', 'expired'] as const;
/** Days back that a listing may have changed. */
const periods = ['1', '7', '30', '90'] as const;
const listingsOf = (page: ListingPage): readonly Listing[] => page.listings;

function viewOf(raw: Readonly<Record<string, string>>) {
  return {
    text: raw['text'] ?? '',
    type: oneOf(raw['type'], identifierTypes),
    tier: oneOf(raw['tier'], tiers),
    typology: oneOf(raw['typology'], typologies),
    member: oneOf(raw['member'], foundingMembers),
    state: oneOf(raw['state'], states),
    days: oneOf(raw['days'], periods),
    selected: raw['selected'],
  };
}
type View = ReturnType<typeof viewOf>;

/** Listings of all members: searched and browsed, the newest change first; what is looked for stands in the address. */
export function Screen(): ReactElement {
  const { t } = useWords('registry');
  const may = useMay();
  const go = useGo();
  const [view, change] = useView(viewOf);
  const search = useSearched(view);
  const { query, readings, isUnread } = search;
  const list = useList('/v1/registry/listings', listingsOf, {
    query,
    purpose: 'investigation',
    enabled: !search.isReading && !isUnread,
  });
  const columns = useColumns();
  return (
    <Page
      title={t('listings.title')}
      full
      acts={may('registry.list') ? <Button onClick={() => go('/list')}>{t('listings.list')}</Button> : null}
    >
      <div className="registry-column">
        <Filters view={view} change={change} />
        {isUnread ? (
          <div className="notice tone-ochre" role="status">
            <p>{t('listings.unread')}</p>
          </div>
        ) : null}
        {readings.length > 1 ? (
          <p className="registry-readings">
            {t('listings.readings')}{' '}
            {readings.map((one) => (
              <Button key={one} variant="default" size="compact-xs" onClick={() => change({ text: one })}>
                {t(`terms:identifierType.${splitKey(one).type}`)} · {captionOf(one)}
              </Button>
            ))}
          </p>
        ) : null}
        {isUnread ? null : (
          <List
            label={t('listings.title')}
            list={list}
            columns={columns}
            keyOf={({ member, id }) => `${member}/${id}`}
            empty={{
              title: t('listings.none'),
              hint:
                query.key !== undefined && may('registry.list') ? (
                  <Link to={`/list?key=${encodeURIComponent(query.key)}`}>{t('listings.none.list')}</Link>
                ) : (
                  t('listings.none.hint')
                ),
            }}
            selected={view.selected}
            onSelect={({ member, id }) => change({ selected: `${member}/${id}` })}
            onOpen={({ key }) => go(pathOf(key)!)}
          />
        )}
      </div>
    </Page>
  );
}

const hourMs = 3_600_000;

/** What the server is asked: the text is read in the browser, as one identifier or as the beginning of many. */
function useSearched(view: View) {
  const { text, type, tier, typology, member, state, days } = view;
  const { member: own } = useOfficer();
  const read = useQuery({
    queryKey: ['read-search', text, type],
    enabled: text !== '',
    staleTime: Infinity,
    queryFn: async () => {
      const { readSearch } = await import('./reading.ts');
      return readSearch(text, { country: own.toUpperCase(), ...(type !== undefined && { type }) });
    },
  });
  const found = text === '' ? undefined : read.data;
  const prefix = found === undefined && type !== undefined ? `${type}:` : found?.prefix;
  // By the hour, so that the same view asks the same.
  const [nowMs] = useState(() => Math.floor(Date.now() / hourMs) * hourMs);
  const query: Partial<ListingQuery> = {
    ...(found?.key !== undefined && { key: found.key }),
    ...(prefix !== undefined && found?.key === undefined && { prefix }),
    ...(tier !== undefined && { tier }),
    ...(typology !== undefined && { typology }),
    ...(member !== undefined && { member }),
    ...(state !== undefined && { state }),
    ...(days !== undefined && { changedFrom: new Date(nowMs - Number(days) * 24 * hourMs).toISOString() }),
  };
  return {
    query,
    readings: found?.readings ?? [],
    isReading: text !== '' && read.isPending,
    isUnread: found !== undefined && found.key === undefined && found.prefix === undefined && found.readings.length < 2,
  };
}

type Change = ReturnType<typeof useView<View>>[1];

function Filters({ view, change }: { view: View; change: Change }): ReactElement {
  const { t } = useWords('registry');
  const said = useSaid();
  const nameOf = useMemberName();
  const [text, setText] = useState(view.text);
  useEffect(() => setText(view.text), [view.text]);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    change({ text: text.trim(), selected: undefined });
  };
  const any = (label: string) => ({ value: '', label });
  return (
    <form className="filters" onSubmit={submit}>
      <TextInput
        className="registry-search"
        label={t('listings.text')}
        placeholder={t('listings.text.hint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        type="search"
        spellCheck={false}
      />
      <Filter
        name="type"
        value={view.type}
        change={change}
        data={[
          any(t('listings.any')),
          ...identifierTypes.map((one) => ({ value: one, label: t(`terms:identifierType.${one}`) })),
        ]}
      />
      <Filter
        name="tier"
        value={view.tier}
        change={change}
        data={[any(t('listings.any')), ...tiers.map((one) => ({ value: one, label: said('tiers', one) }))]}
      />
      <Filter
        name="typology"
        value={view.typology}
        change={change}
        data={[any(t('listings.any')), ...typologies.map((one) => ({ value: one, label: said('typologies', one) }))]}
      />
      <Filter
        name="member"
        value={view.member}
        change={change}
        data={[any(t('listings.any')), ...foundingMembers.map((one) => ({ value: one, label: nameOf(one) }))]}
      />
      <Filter
        name="state"
        value={view.state}
        change={change}
        data={[any(t('listings.any')), ...states.map((one) => ({ value: one, label: t(`terms:listingState.${one}`) }))]}
      />
      <Filter
        name="days"
        value={view.days}
        change={change}
        data={[
          any(t('listings.any')),
          ...periods.map((one) => ({ value: one, label: t('listings.days.last', { count: Number(one) }) })),
        ]}
      />
      <Button type="submit" variant="default">
        {t('listings.search')}
      </Button>
    </form>
  );
}

function Filter(props: {
  name: 'type' | 'tier' | 'typology' | 'member' | 'state' | 'days';
  value: string | undefined;
  change: Change;
  data: { value: string; label: string }[];
}): ReactElement {
  const { name, value, change, data } = props;
  const { t } = useWords('registry');
  return (
    <NativeSelect
      className="registry-filter"
      label={t(`listings.${name}`)}
      value={value ?? ''}
      onChange={(event) => change({ [name]: event.currentTarget.value, selected: undefined })}
      data={data}
    />
  );
}

function useColumns(): readonly Column<Listing>[] {
  const { t } = useWords('registry');
  const said = useSaid();
  const bookText = useBookText();
  return [
    {
      name: 'identifier',
      title: t('listings.identifier'),
      cell: ({ key }) => (
        <>
          <Identifier of={key} /> <span className="faint">{t(`terms:identifierType.${splitKey(key).type}`)}</span>
        </>
      ),
    },
    { name: 'tier', title: t('listings.tier'), cell: ({ tier }) => <TierTag tier={tier} /> },
    {
      name: 'typology',
      title: t('listings.typology'),
      wide: true,
      cell: ({ typologies: named }) => named.map((one) => said('typologies', one)).join(' · '),
    },
    { name: 'member', title: t('listings.member'), cell: ({ member }) => <MemberName code={member} /> },
    {
      name: 'state',
      title: t('listings.state'),
      wide: true,
      cell: ({ state, discreet, barred }) => (
        <>
          {t(`terms:listingState.${state}`)} {discreet ? <Tag tone="ochre">{t('said.discreet')}</Tag> : null}
          {barred === true ? <Tag tone="cinnabar">{t('said.barred')}</Tag> : null}
        </>
      ),
    },
    { name: 'book', title: t('listings.audience'), wide: true, cell: ({ book }) => bookText(book) },
    { name: 'since', title: t('listings.changed'), cell: ({ changedAt }) => <Ago at={changedAt} /> },
    { name: 'until', title: t('listings.until'), wide: true, cell: ({ until }) => <Instant at={until} short /> },
  ];
}
