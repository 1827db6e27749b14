import { Modal, TextInput, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useDraft } from '../link/draft.ts';
import { useMay, useSession } from '../link/session.ts';
import { useGo } from '../link/view.ts';
import { captionOf, pathOf, splitKey } from '../ui/identifier.tsx';
import { useShortcuts } from '../ui/keys.ts';
import { useWords, type Say } from '../ui/words.ts';

/** What a pasted text may mean, the best reading first; made by the protocol's own parsers, loaded when somebody first types. */
interface Reading {
  readonly path: string;
  /** A type of identifiers, or of what has a case number. */
  readonly kind: string;
  readonly isCase: boolean;
  readonly caption: string;
}

const cases = [
  ['trace', 'funds.read'],
  ['request', 'liaison.read'],
  ['hold', 'funds.read'],
  ['order', 'orders.read'],
  ['alert', 'alerts.read'],
] as const;
const shownMax = 8;
const recentMax = 6;
const caseNumber = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function readingsOf(text: string, country: string, permissions: readonly string[]): Promise<Reading[]> {
  const { guess } = await import('@bronze-drum/protocol/identifiers/identifiers');
  const found = guess(text, { country }).map((key): Reading => ({
    path: pathOf(key)!,
    kind: splitKey(key).type,
    isCase: false,
    caption: captionOf(key),
  }));
  const id = caseNumber.exec(text.trim())?.[0].toLowerCase();
  const numbered =
    id === undefined
      ? []
      : cases
          .filter(([, permission]) => permissions.includes(permission))
          .map(([kind]): Reading => ({ path: `/${kind}s/${id}`, kind, isCase: true, caption: id }));
  return [...numbered, ...found].slice(0, shownMax);
}

const kindText = (t: Say, { kind, isCase }: Reading): string =>
  isCase ? t(`search.case.${kind}`) : t(`terms:identifierType.${kind}`);

/** One box for anything pasted: Ctrl-K or /. */
export function SearchBox(): ReactElement | null {
  const { t } = useWords('shell');
  const session = useSession();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const mayAsk = session.kind === 'officer' && may('registry.search');
  const shortcuts = useMemo(
    () =>
      mayAsk
        ? [
            { keys: 'mod+k', label: t('search.open'), act: () => setOpen(true) },
            { keys: '/', label: t('search.open'), act: () => setOpen(true) },
          ]
        : [],
    [t, mayAsk],
  );
  useShortcuts(shortcuts);
  if (!mayAsk) return null;
  return (
    <>
      <UnstyledButton
        className="search-button"
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K"
      >
        <span className="faint">{t('search.placeholder')}</span>
        <kbd className="desk-wide" aria-hidden>
          Ctrl K
        </kbd>
      </UnstyledButton>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        withCloseButton={false}
        size="lg"
        yOffset="12vh"
        centered={false}
        padding="sm"
        attributes={{ content: { 'aria-label': t('search.open') } }}
      >
        <Search
          country={session.member.toUpperCase()}
          permissions={session.permissions}
          onGone={() => setOpen(false)}
        />
      </Modal>
    </>
  );
}

/** What was looked for in this tab; forgotten with the drafts. */
function useRecent(): { recent: readonly Reading[]; remember: (reading: Reading) => void } {
  const { draft, change } = useDraft<{ recent: readonly Reading[] }>('searches', { recent: [] });
  return {
    recent: draft.recent,
    remember: (reading) =>
      change({ recent: [reading, ...draft.recent.filter(({ path }) => path !== reading.path)].slice(0, recentMax) }),
  };
}

function Search(props: { country: string; permissions: readonly string[]; onGone: () => void }): ReactElement {
  const { country, permissions, onGone } = props;
  const { t } = useWords('shell');
  const go = useGo();
  const [text, setText] = useState('');
  const asked = useDeferredValue(text).trim();
  const { recent, remember } = useRecent();
  const found = useQuery({
    queryKey: ['readings', asked],
    queryFn: () => readingsOf(asked, country, permissions),
    enabled: asked !== '',
    placeholderData: (before) => before,
    gcTime: 0,
  });
  const [chosen, setChosen] = useState(0);
  const shown = asked === '' ? recent : (found.data ?? []);
  const at = Math.min(chosen, Math.max(0, shown.length - 1));
  const choose = (reading: Reading | undefined): void => {
    if (reading === undefined) return;
    remember(reading);
    go(reading.path);
    onGone();
  };
  const onKey = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && shown.length > 0) setChosen((at + step + shown.length) % shown.length);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(shown[at]);
    else return;
    event.preventDefault();
  };
  const isNothing = asked !== '' && !found.isFetching && found.data?.length === 0;
  return (
    <>
      <TextInput
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKey}
        placeholder={t('search.placeholder')}
        aria-label={t('search.open')}
        aria-describedby="search-hint"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={shown.length > 0}
        aria-controls="search-readings"
        aria-activedescendant={shown.length > 0 ? `search-reading-${at}` : ''}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        size="md"
      />
      <p id="search-hint" className="faint search-hint">
        {asked === '' && shown.length > 0 ? t('search.recent') : t('search.hint')}
      </p>
      <ul
        id="search-readings"
        role="listbox"
        className="search-readings"
        aria-label={asked === '' ? t('search.recent') : t('search.readings')}
      >
        {shown.map((reading, place) => (
          <li
            key={reading.path}
            id={`search-reading-${place}`}
            role="option"
            aria-selected={place === at}
            onMouseMove={() => setChosen(place)}
            onClick={() => choose(reading)}
          >
            <span className="soft">{kindText(t, reading)}</span> <span className="mono">{reading.caption}</span>
          </li>
        ))}
      </ul>
      <p role="status" className={isNothing ? 'soft' : 'visually-hidden'}>
        {isNothing ? t('search.nothing') : asked === '' ? '' : t('search.found', { count: shown.length })}
      </p>
    </>
  );
}
