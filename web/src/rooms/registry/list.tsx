import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type SubmitEvent, type ReactElement } from 'react';
import { useDraft } from '../../link/draft.ts';
import { useView } from '../../link/view.ts';
import { splitKey } from '../../ui/identifier.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { useWords } from '../../ui/words.ts';
import { claimBody, emptyClaim, endOfDay, objectionsTo, type ClaimDraft, type Word } from './claim.ts';
import { AudienceFields, ClaimFields, HandlingFields, SightingField } from './claim-fields.tsx';
import { Consequences } from './consequences.tsx';
import { LinesField, LinesRead, useReadLines, type LinesDraft } from './lines.tsx';
import { ListedResults, useListing } from './listing-many.tsx';
import type { ReadLine } from './reading.ts';
import './registry.css';

type ListDraft = ClaimDraft & LinesDraft;

const emptyDraft: ListDraft = { ...emptyClaim, text: '', type: '', country: '', bank: '', chosen: {} };

/** List one identifier or many: everything is chosen, and said in plain words, before anything is saved. */
export function Screen(): ReactElement {
  const { t } = useWords('registry');
  const [{ key, alert }] = useView((raw) => ({ key: raw['key'], alert: raw['alert'] }));
  const { draft, change, clear, isKept } = useDraft<ListDraft>(`list:${key ?? ''}`, { ...emptyDraft, text: key ?? '' });
  const lines = useReadLines(draft);
  const wanted = [...new Map(lines.flatMap((line) => (line.key === undefined ? [] : [[line.key, line]]))).keys()];
  const types = [...new Set(wanted.map((one) => splitKey(one).type))];
  const objections = linesNeed(lines, wanted.length);
  const { timeZone } = usePreferences().preferences;
  const { results, isSending, send, forget } = useListing(alert);
  const [isAsked, setAsked] = useState(false);
  const stands = [...objections, ...objectionsTo(draft, { types })];
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (stands.length > 0 || isSending) return;
    const claim = claimBody(draft, (day) => endOfDay(day, timeZone));
    void send(wanted, claim).then((allTaken) => allTaken && clear());
  };
  if (results.length > 0)
    return (
      <Page title={t('list.title')}>
        <ListedResults results={results} isSending={isSending} again={(keys, claim) => void send(keys, claim)}>
          <Group gap="xs">
            <Button variant="default" onClick={forget} disabled={isSending}>
              {t('list.more')}
            </Button>
            {alert === undefined ? null : <Link to={`/alerts/${alert}`}>{t('list.back-to-alert')}</Link>}
          </Group>
        </ListedResults>
      </Page>
    );
  return (
    <Page title={t('list.title')} acts={<Link to="/imports/new">{t('list.import')}</Link>}>
      <form onSubmit={submit} className="registry-form" noValidate>
        <div className="registry-form-main">
          <Panel title={t('list.what')}>
            <LinesField draft={draft} change={change} />
            {lines.length === 0 ? null : (
              <LinesRead
                lines={lines}
                choose={(text, chosen) => change({ chosen: { ...draft.chosen, [text]: chosen } })}
              />
            )}
            {types.includes('phone') ? <SightingField claim={draft} change={change} /> : null}
          </Panel>
          <Panel title={t('list.claim')}>
            <ClaimFields claim={draft} change={change} />
          </Panel>
          <Panel title={t('list.readers')}>
            <AudienceFields claim={draft} change={change} />
            <HandlingFields claim={draft} change={change} />
          </Panel>
        </div>
        <div className="registry-form-side">
          <Consequences claim={draft} types={types} missing={isAsked ? stands : []} />
          <Group justify="flex-end" gap="xs">
            {isKept ? (
              <Button variant="subtle" onClick={clear}>
                {t('list.clear')}
              </Button>
            ) : null}
            <Button type="submit" loading={isSending}>
              {t('list.submit', { count: Math.max(1, wanted.length) })}
            </Button>
          </Group>
        </div>
      </form>
    </Page>
  );
}

function linesNeed(lines: readonly ReadLine[], wanted: number): Word[] {
  if (lines.length === 0) return [{ code: 'identifier' }];
  const unread = lines.filter(({ key }) => key === undefined).length;
  if (unread > 0) return [{ code: 'readable', values: { count: unread } }];
  return wanted === 0 ? [{ code: 'identifier' }] : [];
}
