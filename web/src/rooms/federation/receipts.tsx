import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { StatementReceipts } from '../../../../server/src/federation/contract.ts';
import { get } from '../../link/call.ts';
import { useView } from '../../link/view.ts';
import { BookName } from '../../ui/book.tsx';
import { Ago, Instant } from '../../ui/clock.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { Empty, Shown } from '../../ui/states.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './federation.css';
import { VerifyLink } from './verify-link.tsx';

type Said = StatementReceipts['statements'][number];
type Reader = Said['readers'][number];

const path = '/v1/federation/receipts';
const tones: Readonly<Record<Reader['state'], Tone>> = {
  'not-received': 'cinnabar',
  received: 'ochre',
  applied: 'patina',
  held: 'cinnabar',
};
/** What takes something back: that it is applied everywhere matters most. */
const withdrawing = ['listing-withdrawal', 'erasure', 'appeal-decision', 'order-end', 'exhibit-withdrawal'];

/** Who has applied what we said about an identifier, and who has not. */
export function Screen(): ReactElement {
  const { t } = useWords('federation');
  const [{ key }, change] = useView((raw) => ({ key: raw['key']?.trim() ?? '' }));
  return (
    <Page title={t('receipts.title')} beside={<Link to="/federation">{t('receipts.back')}</Link>}>
      <p className="soft">{t('receipts.text')}</p>
      <KeyForm key={key} given={key} ask={(next) => change({ key: next }, { push: true })} />
      {key === '' ? (
        <Panel>
          <Empty title={t('receipts.none-asked')}>{t('receipts.none-asked.hint')}</Empty>
        </Panel>
      ) : (
        <Answer of={key} />
      )}
    </Page>
  );
}

function KeyForm({ given, ask }: { given: string; ask: (key: string) => void }): ReactElement {
  const { t } = useWords('federation');
  const [text, setText] = useState(given);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text.trim() !== '') ask(text.trim());
  };
  return (
    <form onSubmit={submit} className="filters">
      <TextInput
        className="federation-key"
        label={t('receipts.key')}
        description={t('receipts.key.hint')}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        autoFocus={given === ''}
        autoComplete="off"
      />
      <Button type="submit" disabled={text.trim() === ''}>
        {t('receipts.ask')}
      </Button>
    </form>
  );
}

function Answer({ of }: { of: string }): ReactElement {
  const { t } = useWords('federation');
  const query = useQuery({
    queryKey: [path, { key: of }],
    queryFn: ({ signal }) => get<StatementReceipts>(path, { query: { key: of }, purpose: 'investigation', signal }),
    refetchInterval: 10_000,
  });
  return (
    <Shown query={query}>
      {({ statements }) =>
        statements.length === 0 ? (
          <Panel>
            <Empty title={t('receipts.empty')}>{t('receipts.empty.hint')}</Empty>
          </Panel>
        ) : (
          <div className="federation-cards">
            {statements
              .toSorted((a, b) => b.at.localeCompare(a.at))
              .map((said) => (
                <Statement key={`${said.book}/${said.number}`} said={said} />
              ))}
          </div>
        )
      }
    </Shown>
  );
}

function Statement({ said }: { said: Said }): ReactElement {
  const { t } = useWords('federation');
  const { book, number, kind, at, readers } = said;
  const applied = readers.filter(({ state }) => state === 'applied').length;
  const isWhole = applied === readers.length;
  return (
    <Panel
      title={
        <>
          {t(`terms:statementKind.${kind}`)}
          {withdrawing.includes(kind) ? <Tag tone="bronze">{t('receipts.takes-back')}</Tag> : null}
          <Tag tone={isWhole ? 'patina' : 'ochre'}>
            {isWhole ? t('receipts.all') : t('receipts.some', { applied, all: readers.length })}
          </Tag>
        </>
      }
      acts={<VerifyLink book={book} number={number} />}
    >
      <p className="soft">
        <Instant at={at} /> · <BookName book={book} /> · {t('receipts.number', { number })}
      </p>
      <ul className="federation-readers">
        {readers.map((reader) => (
          <ReaderLine key={reader.reader} reader={reader} />
        ))}
      </ul>
    </Panel>
  );
}

function ReaderLine({ reader: { reader, state, code, receiptAt } }: { reader: Reader }): ReactElement {
  const { t } = useWords('federation');
  return (
    <li>
      <MemberName code={reader} /> <Tag tone={tones[state]}>{t(`terms:receiptState.${state}`)}</Tag>{' '}
      <span className="soft">
        {receiptAt === null ? (
          t('receipts.never')
        ) : (
          <>
            {t('receipts.heard')} <Ago at={receiptAt} />
          </>
        )}
      </span>
      {code === undefined ? null : <p className="federation-fault">{t(`terms:fault.${code}`)}</p>}
      {state === 'applied' ? null : (
        <>
          {' '}
          <Link to="/federation" search={{ at: reader }}>
            {t('receipts.link')}
          </Link>
        </>
      )}
    </li>
  );
}
