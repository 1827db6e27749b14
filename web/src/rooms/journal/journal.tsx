import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import type { DeskBooks } from '../../../../server/src/journal/contract.ts';
import { get } from '../../link/call.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { useView } from '../../link/view.ts';
import { wholeList } from '../../link/whole-list.ts';
import { BookName } from '../../ui/book.tsx';
import { Columns } from '../../ui/columns.tsx';
import { useFormat } from '../../ui/format.ts';
import { List, type Column } from '../../ui/list.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { BookDetail } from './book-detail.tsx';
import './journal.css';
import { ResultTag } from './result-tag.tsx';
import { RunPanel } from './run-panel.tsx';
import { keyOfBook, useVerification, type Run } from './verification.ts';
import { sizeIn, type HeldBook } from './verifying.ts';

/** The books that are kept here, and whether they hold what their authors signed: decided in this browser. */
export function Screen(): ReactElement {
  const { t } = useWords('journal');
  const may = useMay();
  const { member } = useOfficer();
  const [view, change] = useView((raw) => ({
    at: raw['at']?.replace(/^own\//, `${member}/`),
    number: /^\d{1,15}$/.test(raw['number'] ?? '') ? Number(raw['number']) : undefined,
  }));
  const query = useQuery({
    queryKey: ['/v1/journal/books'],
    queryFn: ({ signal }) => get<DeskBooks>('/v1/journal/books', { signal }),
    refetchInterval: 15_000,
  });
  const verification = useVerification(member, may('journal.read'));
  const { run } = verification;
  const books = useMemo(
    () => (query.data?.books ?? []).toSorted((a, b) => Number(b.author === member) - Number(a.author === member)),
    [query.data, member],
  );
  const chosen = books.find((book) => keyOfBook(book) === view.at) ?? books[0];
  const columns = useColumns(run);
  return (
    <Page title={t('title')}>
      <p className="soft journal-lead">{t('lead')}</p>
      <Columns
        main={
          <>
            <RunPanel verification={verification} books={books} chosen={chosen} />
            <List
              label={t('books')}
              list={wholeList(query, books)}
              columns={columns}
              keyOf={keyOfBook}
              selected={chosen === undefined ? undefined : keyOfBook(chosen)}
              onSelect={(book) => change({ at: keyOfBook(book), number: undefined })}
              empty={{ title: t('empty'), hint: t('empty.hint') }}
            />
          </>
        }
        side={
          chosen === undefined ? (
            <Panel>
              <p className="soft">{t('choose')}</p>
            </Panel>
          ) : (
            <BookDetail
              key={keyOfBook(chosen)}
              book={chosen}
              result={run.books[keyOfBook(chosen)]}
              number={view.number}
              onNumber={(number) => change({ at: keyOfBook(chosen), number })}
            />
          )
        }
      />
    </Page>
  );
}

function useColumns(run: Run): readonly Column<HeldBook>[] {
  const { t } = useWords('journal');
  const format = useFormat();
  const { member } = useOfficer();
  return useMemo(
    () => [
      {
        name: 'author',
        title: t('author'),
        cell: ({ author }) => (
          <>
            <MemberName code={author} /> {author === member ? <Tag tone="bronze">{t('ours')}</Tag> : null}
          </>
        ),
      },
      { name: 'book', title: t('book'), cell: ({ book }) => <BookName book={book} /> },
      { name: 'size', title: t('size'), end: true, cell: ({ size }) => format.number(size) },
      {
        name: 'signed',
        title: t('signed'),
        end: true,
        wide: true,
        cell: ({ checkpoint }) => (checkpoint === null ? '–' : format.number(sizeIn(checkpoint))),
      },
      {
        name: 'result',
        title: t('result'),
        width: '11rem',
        cell: (book) => <ResultTag result={run.books[keyOfBook(book)]} isRunning={run.state === 'running'} />,
      },
    ],
    [t, format, member, run],
  );
}
