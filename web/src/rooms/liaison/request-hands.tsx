import { Autocomplete, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { Assignment, Conversation, Request } from '../../../../server/src/liaison/contract.ts';
import type { ShiftPage } from '../../../../server/src/liaison/roster-contract.ts';
import { get, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { useAct } from '../../ui/act.tsx';
import { ActForm } from '../../ui/act-form.tsx';
import { Instant } from '../../ui/clock.tsx';
import { shortId } from '../../ui/identifier.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { useWords } from '../../ui/words.ts';
import { FreeTextField } from './form-fields.tsx';
import { Written } from './reading.tsx';

/** Officers’ ids that are known here: those of the roster. There is no list of officers for everybody. */
export function useKnownOfficers(): readonly string[] {
  const { data } = useQuery({
    queryKey: ['/v1/roster/shifts', {}],
    queryFn: ({ signal }) => get<ShiftPage>('/v1/roster/shifts', { purpose: 'request', signal }),
  });
  return [...new Set((data?.shifts ?? []).map(({ officer }) => officer))].sort();
}

export const touchesOf = (id: string): readonly string[] => [`/v1/requests/${id}`, '/v1/requests'];

/** Who has it in hand here, and how it came to them. The other member sees nothing of it. */
export function Hands({ of }: { of: Conversation }): ReactElement {
  const { t } = useWords('liaison');
  const { officer } = useOfficer();
  const { request, moves } = of;
  const passed = moves.filter(({ note, from, to }) => note === null || from !== to);
  return (
    <Panel title={t('hands')}>
      <Facts
        facts={[
          [t('column.owner'), request.owner === officer ? t('owner.me') : (request.owner ?? t('owner.nobody'))],
          [t('desk'), request.desk],
        ]}
      />
      {passed.length === 0 ? null : (
        <ol className="liaison-several liaison-moves">
          {passed.map(({ at, actor, from, to, desk, note }) => (
            <li key={at + actor}>
              <Instant at={at} />{' '}
              {actor.startsWith('rule:')
                ? t('move.by-roster', { from: from ?? t('owner.nobody'), to: to ?? desk ?? t('owner.nobody') })
                : t('move', { from: from ?? t('owner.nobody'), to: to ?? desk ?? t('owner.nobody') })}
              {note === null ? null : (
                <div className="liaison-quote">
                  <Written text={note} />
                </div>
              )}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

/** Gives a request to another officer, or back to a desk. */
export function Assign({ request }: { request: Request }): ReactElement {
  const { t, language } = useWords('liaison');
  const known = useKnownOfficers();
  const [isOpen, setOpen] = useState(false);
  const initial = { to: 'officer', name: '', note: { language, text: '' } };
  const { draft, change, clear } = useDraft(`request-assign:${request.id}`, initial);
  const note = draft.note.text.trim() === '' ? {} : { note: draft.note };
  const body = { [draft.to]: draft.name.trim(), ...note } as unknown as Assignment;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('assign')}
      </Button>
      <ActForm<Request>
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('assign')}
        what={t('assign.what')}
        submit={t('assign')}
        isReady={/^[a-z][a-z0-9-]{1,62}$/.test(draft.name.trim())}
        act={async () => post<Request>(`/v1/requests/${request.id}/assignment`, body, { purpose: 'request' })}
        done={() => t('assigned')}
        touches={touchesOf(request.id)}
        after={clear}
      >
        <NativeSelect
          label={t('assign.to')}
          value={draft.to}
          data={[
            { value: 'officer', label: t('assign.officer') },
            { value: 'desk', label: t('assign.desk') },
          ]}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
        <Autocomplete
          label={t(draft.to === 'desk' ? 'assign.desk' : 'assign.officer')}
          description={t('officer.hint')}
          data-autofocus
          withAsterisk
          maxLength={63}
          value={draft.name}
          data={draft.to === 'officer' ? [...known] : []}
          onChange={(name) => change({ name })}
        />
        <FreeTextField label={t('note')} value={draft.note} onChange={(text) => change({ note: text })} />
      </ActForm>
    </>
  );
}

/**
 * Notes and translations of one’s own. They are kept with the request, as a word to whoever has it in hand, and never leave this
 * server.
 */
export function Notes({ of }: { of: Conversation }): ReactElement | null {
  const { t, language } = useWords('liaison');
  const may = useMay();
  const { officer } = useOfficer();
  const { request, moves } = of;
  const notes = moves.filter(({ note, from, to }) => note !== null && from === to);
  const initial = { note: { language, text: '' } };
  const { draft, change, clear } = useDraft(`request-note:${request.id}`, initial);
  const owner = request.owner ?? officer;
  const adding = useAct<void, Request>({
    act: async () =>
      post<Request>(
        `/v1/requests/${request.id}/assignment`,
        { officer: owner, note: draft.note },
        { purpose: 'request' },
      ),
    done: () => t('note.kept'),
    touches: touchesOf(request.id),
    after: clear,
  });
  const mayWrite = may(request.direction === 'in' ? 'liaison.answer' : 'liaison.ask');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (draft.note.text.trim() !== '') adding.mutate();
  };
  return (
    <Panel title={t('notes')}>
      <p className="soft liaison-foot">{t('notes.what')}</p>
      {notes.map(({ at, actor, note }) => (
        <div key={at + actor} className="liaison-quote">
          <Written text={note!} />
          <div className="faint">
            {actor.replace(/^officer:/, '')} · <Instant at={at} />
          </div>
        </div>
      ))}
      {mayWrite ? (
        <form onSubmit={submit}>
          <Stack gap="xs">
            <FreeTextField label={t('note')} value={draft.note} onChange={(note) => change({ note })} />
            <Group gap="xs">
              <Button
                type="submit"
                variant="default"
                loading={adding.isPending}
                disabled={draft.note.text.trim() === ''}
              >
                {t('note.keep')}
              </Button>
              {request.owner === null ? <span className="soft">{t('note.takes')}</span> : null}
            </Group>
          </Stack>
        </form>
      ) : null}
    </Panel>
  );
}

const linkPaths: Readonly<Record<string, string>> = { alert: '/alerts/', trace: '/traces/' };

/** Alerts, traces and cases of ours that belong to it, and requests about the same. */
export function Related({ of }: { of: Conversation }): ReactElement {
  const { t } = useWords('liaison');
  const may = useMay();
  const { request, links, joined } = of;
  const [kind, setKind] = useState('alert');
  const [id, setId] = useState('');
  const adding = useAct<void, Request>({
    act: async () =>
      post<Request>(`/v1/requests/${request.id}/links`, { links: [{ kind, id: id.trim() }] }, { purpose: 'request' }),
    touches: touchesOf(request.id),
    after: () => setId(''),
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    adding.mutate();
  };
  return (
    <Panel title={t('related')}>
      {links.length + joined.length === 0 ? <p className="soft">{t('related.none')}</p> : null}
      <ul className="liaison-several">
        {links.map((link) => (
          <li key={link.kind + link.id}>
            {t(`terms:requestLink.${link.kind}`)}{' '}
            {linkPaths[link.kind] === undefined ? (
              <span className="mono">{link.id}</span>
            ) : (
              <Link to={`${linkPaths[link.kind]}${link.id}`}>{shortId(link.id)}</Link>
            )}
          </li>
        ))}
        {joined.map((other) => (
          <li key={other}>
            {t('related.request')} <Link to={`/requests/${other}`}>{shortId(other)}</Link>
          </li>
        ))}
      </ul>
      {joined.length > 0 ? <p className="soft">{t('related.secret')}</p> : null}
      {may(request.direction === 'in' ? 'liaison.answer' : 'liaison.ask') ? (
        <details className="liaison-more">
          <summary>{t('link.add')}</summary>
          <form onSubmit={submit} className="liaison-pair">
            <TextInput label={t('link.id')} value={id} onChange={(event) => setId(event.currentTarget.value)} />
            <NativeSelect
              label={t('link.kind')}
              value={kind}
              data={['alert', 'trace', 'case'].map((value) => ({ value, label: t(`terms:requestLink.${value}`) }))}
              onChange={(event) => setKind(event.currentTarget.value)}
            />
            <Button
              type="submit"
              variant="default"
              loading={adding.isPending}
              disabled={!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id.trim())}
            >
              {t('link.add')}
            </Button>
          </form>
        </details>
      ) : null}
    </Panel>
  );
}
