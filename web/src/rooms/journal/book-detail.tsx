import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Links } from '../../../../server/src/federation/contract.ts';
import { get } from '../../link/call.ts';
import type { StepOutcome } from '../../link/proving.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { BookName } from '../../ui/book.tsx';
import { Ago } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { useMemberName } from '../../ui/member.ts';
import { Facts, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { EntryCheck } from './entry-check.tsx';
import type { BookResult } from './verification.ts';
import { sizeIn, type BookChecked, type HeldBook } from './verifying.ts';

interface BookDetailProps {
  readonly book: HeldBook;
  readonly result: BookResult | undefined;
  readonly number: number | undefined;
  readonly onNumber: (number: string) => void;
}

/** One book: what its author signed, who else has it, and any of its entries to check. */
export function BookDetail({ book, result, number, onNumber }: BookDetailProps): ReactElement {
  const { t } = useWords('journal');
  const format = useFormat();
  const may = useMay();
  const { member } = useOfficer();
  const { author, book: name, size, root, checkpoint, verifyingKeys } = book;
  const signed = sizeIn(checkpoint);
  const isShared = author === member && name !== 'domestic';
  return (
    <>
      <Panel
        title={
          <>
            <MemberName code={author} /> · <BookName book={name} />
          </>
        }
      >
        <Facts
          facts={[
            [t('size'), format.number(size)],
            [t('signed'), checkpoint === null ? t('signed.none') : format.number(signed)],
            [
              t('root'),
              <span key="root" className="mono">
                {root}
              </span>,
            ],
            [t('name'), <span key="name" className="mono">{`${author}/${name}`}</span>],
          ]}
        />
        {checkpoint !== null && signed < size ? <p className="soft">{t('signed.behind')}</p> : null}
        {checkpoint === null ? null : (
          <details>
            <summary>{t('checkpoint')}</summary>
            <pre className="mono journal-note">{checkpoint}</pre>
            <p className="soft">{t('checkpoint.keys')}</p>
            {verifyingKeys.map((key) => (
              <p key={key} className="mono">
                {key}
              </p>
            ))}
          </details>
        )}
      </Panel>
      {result?.checked === undefined ? null : <Checked checked={result.checked} />}
      {isShared && may('federation.read') ? <Cosigners book={name} size={size} /> : null}
      <EntryCheck book={book} number={number} onNumber={onNumber} />
    </>
  );
}

const outcomeTones: Readonly<Record<StepOutcome, Tone>> = { passed: 'patina', failed: 'cinnabar', unknown: 'stone' };
const growthTones: Readonly<Record<BookChecked['growth'], Tone>> = {
  first: 'stone',
  same: 'patina',
  grew: 'patina',
  shrunk: 'cinnabar',
  changed: 'cinnabar',
  unknown: 'stone',
};

function Checked({ checked }: { checked: BookChecked }): ReactElement {
  const { t } = useWords('journal');
  return (
    <Panel title={t('checked.title')}>
      <Facts
        facts={[
          ...(['signature', 'origin', 'root'] as const).map(
            (name) =>
              [
                t(`checked.${name}`),
                <Tag key={name} tone={outcomeTones[checked[name]]}>
                  {t(`outcome.${checked[name]}`)}
                </Tag>,
              ] as const,
          ),
          [
            t('checked.growth'),
            <Tag key="growth" tone={growthTones[checked.growth]}>
              {t(`growth.${checked.growth}`)}
            </Tag>,
          ],
        ]}
      />
    </Panel>
  );
}

/** Who has received and cosigned our book, as their receipts say. */
function Cosigners({ book, size }: { book: string; size: number }): ReactElement {
  const { t } = useWords('journal');
  const memberName = useMemberName();
  const format = useFormat();
  const query = useQuery({
    queryKey: ['/v1/federation/links'],
    queryFn: ({ signal }) => get<Links>('/v1/federation/links', { signal }),
    refetchInterval: 10_000,
  });
  return (
    <Panel title={t('cosigned.title')}>
      <p className="soft">{t('cosigned.text')}</p>
      <Shown query={query}>
        {({ links }) => (
          <Facts
            facts={links.flatMap(({ party, read }) =>
              read
                .filter((one) => one.book === book)
                .map(
                  ({ received, receiptAt }) =>
                    [
                      memberName(party),
                      <span key={party}>
                        <Tag tone={received >= size ? 'patina' : 'ochre'}>
                          {t('cosigned.to', { received: format.number(received), size: format.number(size) })}
                        </Tag>{' '}
                        {receiptAt === null ? t('cosigned.never') : <Ago at={receiptAt} />}
                      </span>,
                    ] as const,
                ),
            )}
          />
        )}
      </Shown>
    </Panel>
  );
}
