import { ActionIcon, Button, Group, Popover, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { Profile } from '../../../server/src/access/contract.ts';
import { call, get } from '../link/call.ts';
import { useAct } from './act.tsx';
import { usePreferences } from './preferences.ts';
import { RefusalNotice } from './refusal.tsx';
import { useWords } from './words.ts';

type View = Profile['views'][number];
const path = '/v1/desk/profile';
const viewsMax = 50;

interface SavedViewsProps {
  /** Whose views they are: the room's name. */
  readonly room: string;
  /** What stands behind the path in the address now: `state=new&kind=detection`. */
  readonly search: string;
  readonly onOpen: (search: string) => void;
}

/** Views of a list that an officer named: open, save, delete. They follow the officer to every desk. */
export function SavedViews({ room, search, onOpen }: SavedViewsProps): ReactElement {
  const { t } = useWords('ui');
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const profile = useQuery({
    queryKey: [path],
    queryFn: () => get<Profile>(path),
    staleTime: Infinity,
  });
  const views = (profile.data?.views ?? []).filter((view) => view.room === room);
  const open = (view: View): void => {
    close();
    onOpen(view.search);
  };
  return (
    <Popover opened={isOpen} onClose={close} trapFocus position="bottom-end" shadow="md" width={320}>
      <Popover.Target>
        <Button variant="default" onClick={toggle} aria-expanded={isOpen}>
          {t('views.title')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {profile.error === null ? null : <RefusalNotice error={profile.error} />}
        {views.length === 0 ? <p className="soft">{t('views.none')}</p> : null}
        {views.map((view) => (
          <ViewLine key={view.id} view={view} isNow={view.search === search} onOpen={() => open(view)} />
        ))}
        <SaveForm room={room} search={search} isFull={(profile.data?.views.length ?? 0) >= viewsMax} />
      </Popover.Dropdown>
    </Popover>
  );
}

function ViewLine({ view, isNow, onOpen }: { view: View; isNow: boolean; onOpen: () => void }): ReactElement {
  const { t } = useWords('ui');
  const change = useViews();
  const removing = useAct({
    act: () => change((views) => views.filter(({ id }) => id !== view.id)),
    done: () => t('views.deleted', { name: view.name }),
  });
  return (
    <Group gap="xs" wrap="nowrap" justify="space-between" py={2}>
      <Button variant={isNow ? 'light' : 'subtle'} justify="flex-start" fullWidth onClick={onOpen}>
        {view.name}
      </Button>
      <ActionIcon
        variant="subtle"
        size="sm"
        aria-label={t('views.delete', { name: view.name })}
        title={t('views.delete', { name: view.name })}
        loading={removing.isPending}
        onClick={() => removing.mutate()}
      >
        <span aria-hidden>×</span>
      </ActionIcon>
    </Group>
  );
}

function SaveForm({ room, search, isFull }: { room: string; search: string; isFull: boolean }): ReactElement {
  const { t } = useWords('ui');
  const [name, setName] = useState('');
  const change = useViews();
  const saving = useAct({
    act: () => {
      const view = { id: crypto.randomUUID(), room, name: name.trim(), search };
      return change((views) => [...views, view]);
    },
    done: () => t('views.saved', { name: name.trim() }),
    after: () => setName(''),
    quiet: true,
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (name.trim() !== '' && !saving.isPending) saving.mutate();
  };
  if (isFull) return <p className="soft">{t('views.full', { count: viewsMax })}</p>;
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="end" wrap="nowrap" mt="xs">
        <TextInput
          label={t('views.name')}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
          style={{ flex: 1 }}
        />
        <Button type="submit" loading={saving.isPending} disabled={name.trim() === ''}>
          {t('views.save')}
        </Button>
      </Group>
      {saving.error === null ? null : <RefusalNotice error={saving.error} />}
    </form>
  );
}

/** Changes the officer's views as they stand at the server now: they may have saved one at another desk. */
function useViews(): (change: (views: readonly View[]) => readonly View[]) => Promise<void> {
  const client = useQueryClient();
  const { preferences } = usePreferences();
  const { language, calendar, timeZone, theme, density } = preferences;
  return async (change) => {
    const now = await get<Profile>(path);
    const body = { ...now, language, calendar, timeZone, theme, density, views: change(now.views) };
    client.setQueryData([path], await call<Profile>('PUT', path, { body }));
  };
}
