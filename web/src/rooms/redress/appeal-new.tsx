import { Button, Group, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { HoldHistory } from '../../../../server/src/funds/hold-contract.ts';
import type { Listing } from '../../../../server/src/registry/contract.ts';
import type { Appeal } from '../../../../server/src/redress/contract.ts';
import { get, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useMay } from '../../link/session.ts';
import { oneOf, useGo, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { Countdown } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier, shortId } from '../../ui/identifier.tsx';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { TierTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import './redress.css';

const kinds = ['hold', 'listing'] as const;

/** An appeal is lodged for somebody who called, wrote or came: they need not know our words. */
export function Screen(): ReactElement {
  const { t } = useWords('redress');
  const [lodged, setLodged] = useState<Appeal | undefined>(undefined);
  return (
    <Page title={t('new.title')}>
      {lodged === undefined ? <Form onLodged={setLodged} /> : <Lodged appeal={lodged} />}
    </Page>
  );
}

function Form({ onLodged }: { onLodged: (appeal: Appeal) => void }): ReactElement {
  const { t } = useWords('redress');
  const go = useGo();
  const [view, changeView] = useView((raw) => ({ kind: oneOf(raw['kind'], kinds) ?? 'hold', id: raw['id'] ?? '' }));
  const { kind, id } = view;
  const { draft, change, clear } = useDraft(`appeal-new:${kind}:${id}`, { id, appellant: '', grounds: '' });
  const isReady = draft.id.trim() !== '' && draft.appellant.trim() !== '' && draft.grounds.trim() !== '';
  const lodging = useAct({
    quiet: true,
    act: () =>
      post<Appeal>(
        '/v1/appeals',
        {
          act: { kind, id: draft.id.trim() },
          appellant: draft.appellant.trim(),
          grounds: draft.grounds.trim(),
        },
        { purpose: 'appeal' },
      ),
    touches: ['/v1/appeals', `/v1/holds/${draft.id.trim()}`],
    after: (appeal) => {
      clear();
      onLodged(appeal);
    },
  });
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isReady && !lodging.isPending) lodging.mutate();
  };
  return (
    <Panel>
      <form className="redress-form" onSubmit={send}>
        <p style={{ margin: 0 }}>{t('new.what')}</p>
        <SegmentedControl
          aria-label={t('appeal.act')}
          value={kind}
          onChange={(value) => changeView({ kind: value, id: undefined })}
          data={kinds.map((value) => ({ value, label: t(`terms:appealedAct.${value}`) }))}
        />
        {kind === 'hold' && id !== '' ? <ContestedHold id={id} /> : null}
        {kind === 'listing' && id !== '' ? <ContestedListing id={id} /> : null}
        {id === '' ? (
          <TextInput
            label={t(kind === 'hold' ? 'new.id.hold' : 'new.id.listing')}
            description={t(kind === 'hold' ? 'new.id.hold.hint' : 'new.id.listing.hint')}
            required
            autoFocus
            maxLength={64}
            value={draft.id}
            onChange={({ currentTarget }) => change({ id: currentTarget.value })}
          />
        ) : null}
        <Textarea
          label={t('appeal.appellant')}
          description={t('new.appellant.hint')}
          required
          autoFocus={id !== ''}
          maxLength={500}
          value={draft.appellant}
          onChange={({ currentTarget }) => change({ appellant: currentTarget.value })}
        />
        <Textarea
          label={t('appeal.grounds')}
          description={t('new.grounds.hint')}
          required
          minRows={5}
          maxLength={4000}
          value={draft.grounds}
          onChange={({ currentTarget }) => change({ grounds: currentTarget.value })}
        />
        {lodging.error === null ? null : <RefusalNotice error={lodging.error} />}
        <Group gap="xs">
          <Button type="submit" loading={lodging.isPending} disabled={!isReady}>
            {t('new.submit')}
          </Button>
          <Button variant="default" onClick={() => go(kind === 'hold' && id !== '' ? `/holds/${id}` : '/appeals')}>
            {t('new.cancel')}
          </Button>
        </Group>
      </form>
    </Panel>
  );
}

/** So that nobody contests what was done to somebody else. */
function ContestedHold({ id }: { id: string }): ReactElement | null {
  const { t } = useWords('redress');
  const may = useMay();
  const said = useSaid();
  const format = useFormat();
  const path = `/v1/holds/${id}`;
  const { data } = useQuery({
    queryKey: [path],
    enabled: may('funds.read'),
    queryFn: ({ signal }) => get<HoldHistory>(path, { purpose: 'appeal', signal }),
  });
  if (data === undefined) return null;
  const { hold } = data;
  return (
    <Facts
      facts={[
        [t('appeal.subject'), <Identifier key="key" of={hold.key} />],
        [t('new.hold.state'), said('holdStates', hold.state)],
        [t('new.hold.held'), format.money(hold.held)],
        [t('new.hold.institution'), hold.institution],
        [t('new.hold.until'), hold.until === undefined ? undefined : <Countdown key="until" until={hold.until} />],
      ]}
    />
  );
}

function ContestedListing({ id }: { id: string }): ReactElement | null {
  const { t } = useWords('redress');
  const may = useMay();
  const format = useFormat();
  const path = `/v1/registry/listings/${id}`;
  const { data } = useQuery({
    queryKey: [path],
    enabled: may('registry.search'),
    queryFn: ({ signal }) => get<Listing>(path, { purpose: 'appeal', signal }),
  });
  if (data === undefined) return null;
  return (
    <Facts
      facts={[
        [t('appeal.subject'), <Identifier key="key" of={data.key} />],
        [t('terms:fact.tier'), <TierTag key="tier" tier={data.tier} />],
        [t('new.listing.grounds'), data.grounds],
        [t('new.listing.until'), format.instant(data.until)],
      ]}
    />
  );
}

/** Whoever lodges may not be the one who decides, and may not see the appeal again: this is what they tell the person. */
function Lodged({ appeal }: { appeal: Appeal }): ReactElement {
  const { t } = useWords('redress');
  const may = useMay();
  const format = useFormat();
  const go = useGo();
  return (
    <Panel title={t('lodged.title')}>
      <p>{t('lodged.what', { at: format.instant(appeal.decideBy) })}</p>
      <Facts
        facts={[
          [
            t('lodged.number'),
            <span key="id" className="mono">
              {appeal.id}
            </span>,
          ],
          [
            t('lodged.short'),
            <span key="short" className="mono">
              {shortId(appeal.id)}
            </span>,
          ],
          [t('appeal.decide-by'), <Countdown key="by" until={appeal.decideBy} from={appeal.lodgedAt} />],
        ]}
      />
      <Group gap="xs" mt="sm">
        {may('redress.decide') ? (
          <Button variant="default" onClick={() => go(`/appeals/${appeal.id}`)}>
            {t('lodged.open')}
          </Button>
        ) : null}
        {appeal.act.kind === 'hold' ? (
          <Button variant="default" onClick={() => go(`/holds/${appeal.act.id}`)}>
            {t('appeal.open-hold')}
          </Button>
        ) : null}
      </Group>
    </Panel>
  );
}
