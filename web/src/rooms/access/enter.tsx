import { Button, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactElement, type ReactNode, type SubmitEvent } from 'react';
import { post } from '../../link/call.ts';
import { keepDraftsOf } from '../../link/draft.ts';
import { useNewSession } from '../../link/session.ts';
import { oneOf, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { Mark } from '../../ui/mark.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { nameWindow } from '../../ui/window-title.ts';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { Loading } from '../../ui/states.tsx';
import { languages, useWords } from '../../ui/words.ts';
import { ownPath } from './own-path.ts';

/** What stands behind the `#`: taken at once out of the address and its history, and kept nowhere. */
function useSecret(): string {
  const [secret] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search);
  }, []);
  return secret;
}

/** Goes on to the page that the link names, as somebody else than whoever was here before. */
function useGoingOn(): () => void {
  const begin = useNewSession();
  const navigate = useNavigate();
  const [{ to }] = useView((raw) => ({ to: raw['to'] }));
  return () => {
    begin();
    void navigate({ href: ownPath(to), replace: true });
  };
}

/** Whoever comes from a page in their language goes on in it, unless they chose another for this desk. */
function useLanguageOfLink(): void {
  const [{ language }] = useView((raw) => ({ language: oneOf(raw['lang'], languages) }));
  const { change } = usePreferences();
  useEffect(() => {
    if (language !== undefined) change({ language });
  }, [language, change]);
}

/** `/enter#<token>`: keeps a session that was opened elsewhere in this browser. */
export function Screen(): ReactElement {
  const { t } = useWords('shell');
  const token = useSecret();
  const goOn = useGoingOn();
  const adopting = useAct({
    act: () =>
      post<{ officer: string }>('/v1/desk/sessions/adopt', {}, { headers: { authorization: `Bearer ${token}` } }),
    quiet: true,
    after: ({ officer }) => {
      keepDraftsOf(officer);
      goOn();
    },
  });
  const isAsked = useRef(false);
  const { mutate } = adopting;
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    mutate();
  }, [mutate]);
  return (
    <Threshold title={adopting.error === null ? t('enter.title') : t('enter.failed')}>
      {adopting.error === null ? <Loading what={t('enter.title')} /> : <Failure error={adopting.error} />}
    </Threshold>
  );
}

/** `/enter/institution#<key>`: asks who it is that enters for the institution, and keeps the session. */
export function InstitutionScreen(): ReactElement {
  const { t } = useWords('shell');
  const key = useSecret();
  const goOn = useGoingOn();
  const [clerk, setClerk] = useState('');
  const entering = useAct({
    act: () => post('/v1/desk/sessions/institution', { key, clerk: clerk.trim() }),
    quiet: true,
    after: goOn,
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    entering.mutate();
  };
  return (
    <Threshold title={t('enter.title')}>
      <form onSubmit={submit} className="door-form">
        <p>{t('enter.clerk.text')}</p>
        <TextInput
          label={t('sign-in.clerk')}
          autoComplete="name"
          value={clerk}
          onChange={(event) => setClerk(event.currentTarget.value)}
          required
          autoFocus
          maxLength={100}
        />
        {entering.error === null ? null : <Failure error={entering.error} />}
        <Button type="submit" size="sm" fullWidth loading={entering.isPending}>
          {t('sign-in.submit')}
        </Button>
      </form>
    </Threshold>
  );
}

function Threshold({ title, children }: { title: string; children: ReactNode }): ReactElement {
  useLanguageOfLink();
  useEffect(() => nameWindow(title), [title]);
  return (
    <main className="door" id="main">
      <Mark size={96} />
      <h1>Bronze Drum</h1>
      <div className="panel door-panel">{children}</div>
    </main>
  );
}

function Failure({ error }: { error: unknown }): ReactElement {
  const { t } = useWords('shell');
  return (
    <>
      <RefusalNotice error={error} />
      <p>
        <a href="/">{t('enter.sign-in')}</a>
      </p>
    </>
  );
}
