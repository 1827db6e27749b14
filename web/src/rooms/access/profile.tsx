import { Button, PasswordInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { OwnSession } from '../../../../server/src/access/contract.ts';
import { call, get, post } from '../../link/call.ts';
import { forgetDrafts } from '../../link/draft.ts';
import { useOfficer } from '../../link/session.ts';
import { ActButton, useAct } from '../../ui/act.tsx';
import { Ago, Countdown, Instant } from '../../ui/clock.tsx';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './access.css';
import { PreferencePanel } from './preference-panel.tsx';
import { PermissionList } from './role-choice.tsx';

const sessionsPath = '/v1/desk/sessions';

/** Who I am here, how I want my desk, my password and where I am signed in. */
export function Screen(): ReactElement {
  const { t } = useWords('access');
  const { name, officer, office, roles, permissions, expiresAt, endsAt } = useOfficer();
  return (
    <Page title={t('profile.title')}>
      <div className="access-profile">
        <Panel title={name}>
          <Facts
            facts={[
              [
                t('profile.id'),
                <span key="id" className="mono">
                  {officer}
                </span>,
              ],
              [t('officer.office'), office.name],
              [t('profile.ends'), endsAt === null ? undefined : <Countdown key="ends" until={endsAt} />],
              [t('profile.idle'), expiresAt === null ? undefined : <Countdown key="idle" until={expiresAt} />],
            ]}
          />
          <h3>{t('profile.may')}</h3>
          {roles.map((role) => (
            <p key={role}>
              <strong>{t(`terms:role.${role}`)}</strong> <span className="soft">{t(`terms:role.${role}.what`)}</span>
            </p>
          ))}
          <PermissionList permissions={permissions} />
        </Panel>
        <PreferencePanel />
        <PasswordPanel officer={officer} />
        <Sessions />
      </div>
    </Page>
  );
}

const passwordMin = 12;

function PasswordPanel({ officer }: { officer: string }): ReactElement {
  const { t } = useWords('access');
  const [password, setPassword] = useState('');
  const [wanted, setWanted] = useState('');
  const changing = useAct({
    act: () => post('/v1/sessions/password', { password, newPassword: wanted }),
    done: () => t('password.done'),
    quiet: true,
    touches: [sessionsPath],
    after: () => {
      setPassword('');
      setWanted('');
    },
  });
  const isShort = wanted !== '' && Array.from(wanted.normalize('NFKC')).length < passwordMin;
  const isReady = password !== '' && wanted !== '' && !isShort;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isReady && !changing.isPending) changing.mutate();
  };
  return (
    <Panel title={t('password.title')}>
      <form onSubmit={submit} className="access-form">
        <input type="text" autoComplete="username" value={officer} readOnly hidden />
        <PasswordInput
          label={t('password.now')}
          autoComplete="current-password"
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          required
        />
        <PasswordInput
          label={t('password.new')}
          description={t('password.new.hint')}
          autoComplete="new-password"
          value={wanted}
          onChange={({ currentTarget }) => setWanted(currentTarget.value)}
          error={isShort ? t('terms:weakness.short') : undefined}
          required
        />
        {changing.error === null ? null : <RefusalNotice error={changing.error} />}
        <p className="soft">{t('password.what')}</p>
        <div>
          <Button type="submit" loading={changing.isPending} disabled={!isReady}>
            {t('password.change')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Sessions(): ReactElement {
  const { t } = useWords('access');
  const client = useQueryClient();
  const query = useQuery({
    queryKey: [sessionsPath],
    queryFn: ({ signal }) => get<{ sessions: readonly OwnSession[] }>(sessionsPath, { signal }),
    refetchInterval: 30_000,
  });
  const signOutEverywhere = async (): Promise<void> => {
    await call('DELETE', '/v1/sessions');
    // The session is over by now; this takes it out of the browser.
    await call('DELETE', '/v1/desk/session').catch(() => undefined);
    forgetDrafts();
    client.clear();
    location.assign('/');
  };
  return (
    <Panel title={t('session.title')}>
      <p className="soft">{t('session.text')}</p>
      <Shown query={query}>
        {({ sessions }) => (
          <ul className="access-keys">
            {sessions.map((session) => (
              <li key={session.id}>
                {session.current ? <Tag tone="patina">{t('session.this')}</Tag> : null}
                <span>
                  {t('session.since')} <Instant at={session.createdAt} />
                </span>
                <span className="soft">
                  {t('session.seen')} <Ago at={session.seenAt} />
                </span>
                {session.current ? null : (
                  <ActButton
                    size="compact-xs"
                    act={() => call('DELETE', `${sessionsPath}/${session.id}`)}
                    touches={[sessionsPath]}
                    done={t('session.ended')}
                  >
                    {t('session.end')}
                  </ActButton>
                )}
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <div className="access-acts">
        <ActButton
          color="cinnabar"
          act={signOutEverywhere}
          confirm={{
            title: t('session.everywhere'),
            text: <p>{t('session.everywhere.what')}</p>,
            yes: t('session.everywhere'),
          }}
        >
          {t('session.everywhere')}
        </ActButton>
      </div>
    </Panel>
  );
}
