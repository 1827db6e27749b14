import { Button, Group, Modal, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SubmitEvent, type ReactElement } from 'react';
import { Refused, setGate } from '../link/call.ts';
import { forgetDrafts } from '../link/draft.ts';
import { useSession } from '../link/session.ts';
import { RefusalNotice } from '../ui/refusal.tsx';
import { useWords } from '../ui/words.ts';

type Wanted = 'sign-in' | 'step-up';

/**
 * Asks for the password where a call needs it, or when the session is over, over the page: nothing that was typed there is lost. What is
 * on the page cannot be read until somebody has signed in again.
 */
export function Gates({ isOver }: { isOver: boolean }): ReactElement | null {
  const { t } = useWords('shell');
  const session = useSession();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Wanted | undefined>(undefined);
  const wanted = isOver ? 'sign-in' : asked;
  const waiting = useRef<((goOn: boolean) => void)[]>([]);
  const end = (goOn: boolean): void => {
    setAsked(undefined);
    if (goOn) void client.invalidateQueries({ queryKey: ['/v1/desk/session'] });
    else if (wanted === 'sign-in') {
      forgetDrafts();
      location.assign('/');
    }
    for (const resolve of waiting.current.splice(0)) resolve(goOn);
  };
  useEffect(() => {
    const open = (what: Wanted): Promise<boolean> =>
      new Promise((resolve) => {
        waiting.current.push(resolve);
        setAsked(what);
      });
    setGate({ signInAgain: () => open('sign-in'), stepUp: () => open('step-up') });
    return () => setGate({ signInAgain: async () => false, stepUp: async () => false });
  }, []);
  if (wanted === undefined || session.kind !== 'officer') return wanted === undefined ? null : <Reload />;
  return (
    <Modal
      opened
      onClose={() => end(false)}
      title={t(`gate.${wanted}.title`)}
      {...(wanted === 'sign-in' && {
        overlayProps: { backgroundOpacity: 0.98, color: 'var(--ground)' },
        closeOnClickOutside: false,
        closeOnEscape: false,
      })}
    >
      <Proof officer={session.officer} wanted={wanted} onEnd={end} />
    </Modal>
  );
}

function Reload(): ReactElement {
  const { t } = useWords('shell');
  return (
    <Modal opened onClose={() => location.reload()} title={t('gate.sign-in.title')}>
      <p>{t('gate.institution')}</p>
      <Button onClick={() => location.reload()}>{t('sign-in.submit')}</Button>
    </Modal>
  );
}

function Proof({
  officer,
  wanted,
  onEnd,
}: {
  officer: string;
  wanted: Wanted;
  onEnd: (goOn: boolean) => void;
}): ReactElement {
  const { t } = useWords('shell');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(undefined);
  const [isPending, setPending] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setPending(true);
    try {
      if (wanted === 'step-up') await provePassword('/v1/sessions/step-up', { password });
      else await provePassword('/v1/desk/sessions', { officer, password });
      onEnd(true);
    } catch (refused) {
      setError(refused);
      setPending(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <p>{t(`gate.${wanted}.text`, { officer })}</p>
      <input type="text" autoComplete="username" value={officer} readOnly hidden />
      <PasswordInput
        label={t('sign-in.password')}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        data-autofocus
        required
      />
      {error === undefined ? null : <RefusalNotice error={error} />}
      {wanted === 'sign-in' ? (
        // Whoever was given a new code has no password any more; drafts wait for them behind the door.
        <button type="button" className="link-button" onClick={() => location.reload()}>
          {t('gate.code')}
        </button>
      ) : null}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={() => onEnd(false)}>
          {wanted === 'sign-in' ? t('sign-out') : t('ui:cancel')}
        </Button>
        <Button type="submit" loading={isPending}>
          {t(`gate.${wanted}.submit`)}
        </Button>
      </Group>
    </form>
  );
}

/** Not by `call`: a wrong password must not open this very question again. */
async function provePassword(path: string, body: unknown): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', 'drum-desk': '1' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (response === undefined) throw new Refused({ code: 'family.offline', status: 0 });
  if (response.ok) return;
  const problem = (await response.json().catch(() => ({}))) as { code?: string; params?: Refused['params'] };
  throw new Refused({
    code: problem.code ?? 'family.other',
    status: response.status,
    ...(problem.params && { params: problem.params }),
  });
}
