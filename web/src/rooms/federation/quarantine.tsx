import { Button, SegmentedControl } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMemo, type ReactElement } from 'react';
import type { Held } from '../../../../server/src/federation/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useList } from '../../link/lists.ts';
import { oneOf } from '../../link/view.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { Actor } from '../../ui/actor.tsx';
import { BookName } from '../../ui/book.tsx';
import { Ago, Instant } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { FactTree } from '../../ui/fact-tree.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import { ReasonField } from './reason-field.tsx';

const path = '/v1/federation/quarantine';
const states = ['held', 'released', 'rejected', 'erased'] as const;
const tones = { held: 'ochre', released: 'patina', rejected: 'cinnabar', erased: 'stone' } as const;

interface HeldPage {
  readonly held: readonly Held[];
  readonly next?: string;
}

const keyOf = ({ id }: Held): string => String(id);
const pick = ({ held }: HeldPage): readonly Held[] => held;

/** Statements of others that are kept from the rooms, and why. */
export function Quarantine(props: {
  state: string | undefined;
  at: string | undefined;
  onState: (state: string) => void;
  onAt: (at: string) => void;
}): ReactElement {
  const { t } = useWords('federation');
  const state = oneOf(props.state, states) ?? 'held';
  const list = useList<HeldPage, Held>(path, pick, { query: { state }, purpose: 'operation', refetchMs: 15_000 });
  const columns = useColumns();
  const chosen = list.items.find((held) => keyOf(held) === props.at) ?? list.items[0];
  return (
    <>
      <div className="filters">
        <SegmentedControl
          aria-label={t('held.state')}
          value={state}
          onChange={props.onState}
          data={states.map((one) => ({ value: one, label: t(`terms:heldState.${one}`) }))}
        />
      </div>
      <Columns
        main={
          <>
            <List
              label={t('tab.held')}
              list={list}
              columns={columns}
              keyOf={keyOf}
              selected={chosen === undefined ? undefined : keyOf(chosen)}
              onSelect={(held) => props.onAt(keyOf(held))}
              empty={{ title: t(`held.empty.${state}`), hint: t('held.empty.hint') }}
            />
            <p className="soft federation-note">{t('held.note')}</p>
          </>
        }
        side={chosen === undefined ? null : <HeldDetail held={chosen} />}
      />
    </>
  );
}

function useColumns(): readonly Column<Held>[] {
  const { t } = useWords('federation');
  return useMemo(
    () => [
      { name: 'at', title: t('held.at'), cell: ({ heldAt }) => <Ago at={heldAt} /> },
      { name: 'member', title: t('held.member'), cell: ({ member }) => <MemberName code={member} /> },
      { name: 'book', title: t('book'), wide: true, cell: ({ book }) => <BookName book={book} /> },
      { name: 'number', title: t('held.number'), end: true, cell: ({ number }) => number },
      { name: 'fault', title: t('held.fault'), cell: ({ code }) => t(`terms:fault.${code}`) },
    ],
    [t],
  );
}

function HeldDetail({ held }: { held: Held }): ReactElement {
  const { t } = useWords('federation');
  const { id, member, book, number, code, releasable, state, text } = held;
  return (
    <Panel
      title={
        <>
          {t('held.title', { number })} <Tag tone={tones[state]}>{t(`terms:heldState.${state}`)}</Tag>
        </>
      }
    >
      <p>{t(`terms:fault.${code}`)}</p>
      <p className="soft">{t(releasable ? 'held.releasable' : 'held.not-releasable')}</p>
      <Facts
        facts={[
          [t('held.member'), <MemberName key="member" code={member} />],
          [t('book'), <BookName key="book" book={book} />],
          [t('held.at'), <Instant key="at" at={held.heldAt} />],
          [
            t('held.decided-at'),
            held.decidedAt === undefined ? undefined : <Instant key="decided" at={held.decidedAt} />,
          ],
          [t('held.decided-by'), held.decidedBy === undefined ? undefined : <Actor key="by" id={held.decidedBy} />],
          [t('reason'), held.reason],
        ]}
      />
      <div className="federation-acts">
        {releasable && (state === 'held' || state === 'rejected') ? <Decide id={id} member={member} release /> : null}
        {state === 'held' ? <Decide id={id} member={member} release={false} /> : null}
      </div>
      <h3>{t('held.text')}</h3>
      <HeldText text={text} />
    </Panel>
  );
}

/** As data if it can be read, else as it came. */
function HeldText({ text }: { text: string | null }): ReactElement {
  const { t } = useWords('federation');
  const data = useMemo(() => readJson(text), [text]);
  if (text === null) return <p className="soft">{t('held.erased')}</p>;
  if (data === undefined) return <pre className="mono federation-raw">{text}</pre>;
  return (
    <>
      <FactTree of={data} />
      <details>
        <summary>{t('held.raw')}</summary>
        <pre className="mono federation-raw">{text}</pre>
      </details>
    </>
  );
}

function readJson(text: string | null): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function Decide({ id, member, release }: { id: number; member: string; release: boolean }): ReactElement {
  const { t } = useWords('federation');
  const nameOf = useMemberName();
  const [isOpen, opening] = useDisclosure(false);
  const { draft, change, clear } = useDraft(`held:${id}`, { reason: '' });
  const way = release ? 'release' : 'reject';
  const color = release ? 'patina' : 'cinnabar';
  return (
    <>
      <Button variant="default" color={color} onClick={opening.open}>
        {t(`decide.${way}.open`)}
      </Button>
      <ActForm
        opened={isOpen}
        onClose={opening.close}
        title={t(`decide.${way}.title`)}
        what={<p>{t(`decide.${way}.what`, { member: nameOf(member) })}</p>}
        submit={t(`decide.${way}.open`)}
        color={color}
        isReady={draft.reason.trim() !== ''}
        act={() => post(`${path}/${id}`, { release, reason: draft.reason.trim() })}
        touches={[path]}
        done={() => t(`decide.${way}.done`)}
        after={clear}
      >
        <ReasonField reason={draft.reason} onChange={(reason) => change({ reason })} />
      </ActForm>
    </>
  );
}
