import { Anchor, Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect, useState, type SubmitEvent, type ReactElement, type ReactNode } from 'react';
import { post } from '../link/call.ts';
import { useNewSession } from '../link/session.ts';
import { useAct } from '../ui/act.tsx';
import { Mark } from '../ui/mark.tsx';
import { usePreferences } from '../ui/preferences.ts';
import { RefusalNotice } from '../ui/refusal.tsx';
import { nameWindow } from '../ui/window-title.ts';
import { languages, loadFonts, nativeNames, useWords } from '../ui/words.ts';

type Way = 'officer' | 'code' | 'institution';

/** For officers by password or by a one-time code, for people of institutions by a key of theirs. */
export function SignIn({ member }: { member: string }): ReactElement {
  const { t } = useWords('shell');
  const [way, setWay] = useState<Way>('officer');
  return (
    <Door member={member}>
      <SegmentedControl
        fullWidth
        value={way}
        onChange={(value) => setWay(value)}
        data={[
          { value: 'officer', label: t('sign-in.officer') },
          { value: 'code', label: t('sign-in.code') },
          { value: 'institution', label: t('sign-in.institution') },
        ]}
      />
      {way === 'officer' ? <ByPassword /> : way === 'code' ? <ByCode /> : <ByKey />}
    </Door>
  );
}

/** The page before the desk: the drum, whose server this is, and the languages. */
export function Door({ member, children }: { member: string; children: ReactNode }): ReactElement {
  const { t, language } = useWords('shell');
  const { change } = usePreferences();
  useEffect(() => {
    nameWindow(t('door.of', { member: t(`member.${member}`) }));
    loadFonts();
  }, [t, member]);
  return (
    <main className="door" id="main">
      <Mark size={132} />
      <h1>Bronze Drum</h1>
      <p className="soft">{t('door.of', { member: t(`member.${member}`) })}</p>
      <div className="panel door-panel">{children}</div>
      <nav aria-label={t('language')} className="door-languages">
        {languages.map((each) => (
          <Anchor
            key={each}
            component="button"
            type="button"
            size="sm"
            lang={each}
            aria-current={each === language}
            onClick={() => change({ language: each })}
          >
            {nativeNames[each]}
          </Anchor>
        ))}
      </nav>
    </main>
  );
}

function useEntering<Input>(path: string) {
  return useAct<Input>({ act: (input) => post(path, input), quiet: true, after: useNewSession() });
}

function Form({
  enter,
  error,
  isPending,
  children,
}: {
  enter: () => void;
  error: unknown;
  isPending: boolean;
  children: ReactNode;
}): ReactElement {
  const { t } = useWords('shell');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    enter();
  };
  return (
    <form onSubmit={submit} className="door-form">
      {children}
      {error === null ? null : <RefusalNotice error={error} />}
      <Button type="submit" size="sm" fullWidth loading={isPending}>
        {t('sign-in.submit')}
      </Button>
    </form>
  );
}

function ByPassword(): ReactElement {
  const { t } = useWords('shell');
  const [officer, setOfficer] = useState('');
  const [password, setPassword] = useState('');
  const entering = useEntering<{ officer: string; password: string }>('/v1/desk/sessions');
  return (
    <Form
      enter={() => entering.mutate({ officer: officer.trim(), password })}
      error={entering.error}
      isPending={entering.isPending}
    >
      <TextInput
        label={t('sign-in.name')}
        autoComplete="username"
        value={officer}
        onChange={(event) => setOfficer(event.currentTarget.value)}
        required
        autoFocus
      />
      <PasswordInput
        label={t('sign-in.password')}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        required
      />
    </Form>
  );
}

export function ByCode(): ReactElement {
  const { t } = useWords('shell');
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const entering = useEntering<{ code: string; password: string }>('/v1/desk/sessions/one-time');
  return (
    <Form
      enter={() => entering.mutate({ code: code.trim(), password })}
      error={entering.error}
      isPending={entering.isPending}
    >
      <TextInput
        label={t('sign-in.one-time')}
        description={t('sign-in.one-time.hint')}
        autoComplete="one-time-code"
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        required
        autoFocus
      />
      <PasswordInput
        label={t('sign-in.new-password')}
        description={t('sign-in.new-password.hint')}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        required
      />
    </Form>
  );
}

function ByKey(): ReactElement {
  const { t } = useWords('shell');
  const [key, setKey] = useState('');
  const [clerk, setClerk] = useState('');
  const entering = useEntering<{ key: string; clerk: string }>('/v1/desk/sessions/institution');
  return (
    <Form
      enter={() => entering.mutate({ key: key.trim(), clerk: clerk.trim() })}
      error={entering.error}
      isPending={entering.isPending}
    >
      <PasswordInput
        label={t('sign-in.key')}
        description={t('sign-in.key.hint')}
        autoComplete="off"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        required
        autoFocus
      />
      <TextInput
        label={t('sign-in.clerk')}
        description={t('sign-in.clerk.hint')}
        autoComplete="name"
        value={clerk}
        onChange={(event) => setClerk(event.currentTarget.value)}
        required
        maxLength={100}
      />
    </Form>
  );
}
