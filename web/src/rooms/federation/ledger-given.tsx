import { useMemo, type ReactElement } from 'react';
import type { LedgerLine } from '../../../../server/src/federation/contract.ts';
import { useList } from '../../link/lists.ts';
import { BookName } from '../../ui/book.tsx';
import { Instant } from '../../ui/clock.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import type { LedgerView } from './ledger-view.ts';
import { VerifyLink } from './verify-link.tsx';

interface LedgerPage {
  readonly lines: readonly LedgerLine[];
  readonly next?: string;
}

const keyOf = ({ reader, book, number }: LedgerLine): string => `${reader}/${book}/${number}`;

const pick = ({ lines }: LedgerPage): readonly LedgerLine[] => lines;

export function Given({ view, onAt }: { view: LedgerView; onAt: (at: string) => void }): ReactElement {
  const { t } = useWords('federation');
  const { reader, key, kind, from, to } = view;
  const list = useList<LedgerPage, LedgerLine>('/v1/federation/ledger', pick, {
    query: { reader, key, kind, from, to },
    purpose: 'audit',
  });
  const columns = useColumns();
  const chosen = list.items.find((line) => keyOf(line) === view.at);
  return (
    <div className="split">
      <List
        label={t('ledger.tab.given')}
        list={list}
        columns={columns}
        keyOf={keyOf}
        selected={view.at}
        onSelect={(line) => onAt(keyOf(line))}
        empty={{ title: t('ledger.empty'), hint: t('ledger.empty.hint') }}
      />
      <div>
        {chosen === undefined ? (
          <Panel>
            <p className="soft">{t('ledger.choose')}</p>
          </Panel>
        ) : (
          <Line line={chosen} />
        )}
      </div>
    </div>
  );
}

function useColumns(): readonly Column<LedgerLine>[] {
  const { t } = useWords('federation');
  return useMemo(
    () => [
      { name: 'at', title: t('ledger.at'), cell: ({ at }) => <Instant at={at} short /> },
      { name: 'reader', title: t('ledger.reader'), cell: ({ reader }) => <MemberName code={reader} /> },
      { name: 'kind', title: t('ledger.kind'), cell: ({ kind }) => <Kind kind={kind} /> },
      {
        name: 'subject',
        title: t('ledger.subject'),
        cell: ({ subject }) => (subject === null ? '–' : <Identifier of={subject} plain />),
      },
      { name: 'book', title: t('book'), wide: true, width: '8rem', cell: ({ book }) => <BookName book={book} /> },
      {
        name: 'handling',
        title: t('ledger.handling'),
        wide: true,
        cell: ({ handling }) => (handling === null ? '–' : <Tag>{t(`terms:tlp.${handling.tlp}`)}</Tag>),
      },
    ],
    [t],
  );
}

function Kind({ kind }: { kind: string | null }): ReactElement {
  const { t } = useWords('federation');
  return <span>{kind === null ? t('ledger.erased') : t(`terms:statementKind.${kind}`)}</span>;
}

function Line({ line }: { line: LedgerLine }): ReactElement {
  const { t } = useWords('federation');
  const said = useSaid();
  const { at, reader, book, number, kind, subject, author, handling, basis } = line;
  return (
    <Panel title={<Kind kind={kind} />} acts={<VerifyLink book={book} number={number} />}>
      <Facts
        facts={[
          [t('ledger.at'), <Instant key="at" at={at} />],
          [t('ledger.reader'), <MemberName key="reader" code={reader} />],
          [t('ledger.subject'), subject === null ? undefined : <Identifier key="subject" of={subject} />],
          [t('book'), <BookName key="book" book={book} />],
          [t('held.number'), String(number)],
          [t('ledger.office'), author?.office],
          [t('ledger.author'), author === null ? undefined : (author.officer ?? author.rule)],
          [
            t('ledger.handling'),
            handling === null ? undefined : (
              <>
                <strong>{t(`terms:tlp.${handling.tlp}`)}</strong> {t(`terms:tlp.${handling.tlp}.what`)}
                {handling.conditions.map((condition) => (
                  <p key={condition}>{said('conditions', condition)}</p>
                ))}
                {handling.restriction === undefined ? null : <p>{handling.restriction}</p>}
              </>
            ),
          ],
          [t('ledger.basis'), basis],
        ]}
      />
    </Panel>
  );
}
