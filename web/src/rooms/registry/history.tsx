import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { DeskProof } from '../../../../server/src/journal/contract.ts';
import type { History as HistoryAnswer } from '../../../../server/src/registry/contract.ts';
import { get } from '../../link/call.ts';
import { oneOf, useView } from '../../link/view.ts';
import { prove, type Proven, type StepOutcome } from '../../link/proving.ts';
import { Instant } from '../../ui/clock.tsx';
import { useBookText } from '../../ui/book.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { Empty, Shown } from '../../ui/states.tsx';
import { MemberName, Tag, TierTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';

interface HistoryEntry {
  readonly member: string;
  readonly book: string;
  readonly number: number;
  readonly commitment: string;
  readonly statement: unknown;
}

/** What of a statement is shown; kinds that this release does not know say at least who said it, when, and where. */
interface Statement {
  readonly envelope: {
    readonly kind: string;
    readonly at: string;
    readonly author: {
      readonly office: string;
      readonly officer?: string;
      readonly institution?: string;
      readonly rule?: string;
    };
  };
  readonly body: {
    readonly tier?: string;
    readonly typologies?: readonly string[];
    readonly until?: string;
    readonly grounds?: string;
    readonly reason?: string;
    readonly revision?: number;
    readonly outcome?: string;
  };
}

const abouts = ['all', 'listings'] as const;
const isOfListings = ({ statement }: HistoryEntry): boolean =>
  ['listing', 'listing-withdrawal', 'appeal', 'appeal-decision', undefined].includes(
    (statement as Statement | null)?.envelope.kind,
  );

/** Everything that was said about an identifier, by whom, in which book, under which number; each can be proved here. */
export function History({ of }: { of: string }): ReactElement {
  const { t } = useWords('registry');
  const [{ about }, change] = useView((raw) => ({ about: oneOf(raw['about'], abouts) ?? 'all' }));
  const history = useQuery({
    queryKey: ['/v1/registry/history', of],
    queryFn: ({ signal }) =>
      get<Omit<HistoryAnswer, 'entries'> & { entries: HistoryEntry[] }>(
        `/v1/registry/identifiers/${encodeURIComponent(of)}/history`,
        { purpose: 'investigation', signal },
      ),
  });
  return (
    <Shown query={history}>
      {({ entries, complete }) =>
        entries.length === 0 ? (
          <Empty title={t('history.none')}>{t('history.none.hint')}</Empty>
        ) : (
          <>
            <div className="registry-bar">
              <SegmentedControl
                value={about}
                onChange={(next) => change({ about: next === 'all' ? undefined : next })}
                data={abouts.map((one) => ({ value: one, label: t(`history.about.${one}`) }))}
                aria-label={t('history.about')}
              />
            </div>
            {complete ? null : (
              <div className="notice tone-ochre">
                <p>{t('history.partial', { count: entries.length })}</p>
              </div>
            )}
            <ol className="registry-history">
              {entries
                .filter((entry) => about === 'all' || isOfListings(entry))
                .toReversed()
                .map((entry) => (
                  <EntryLine key={`${entry.member}/${entry.book}/${entry.number}`} entry={entry} />
                ))}
            </ol>
          </>
        )
      }
    </Shown>
  );
}

function EntryLine({ entry }: { entry: HistoryEntry }): ReactElement {
  const { t } = useWords('registry');
  const bookText = useBookText();
  const statement = entry.statement as Statement | null;
  return (
    <li>
      <div className="registry-entry-head">
        {statement === null ? (
          <Tag tone="stone">{t('history.erased')}</Tag>
        ) : (
          <>
            <Instant at={statement.envelope.at} />
            <strong>{t(`terms:statementKind.${statement.envelope.kind}`)}</strong>
          </>
        )}
        <MemberName code={entry.member} />
        {statement === null ? null : <span className="soft">{authorText(statement)}</span>}
      </div>
      {statement === null ? <p className="soft">{t('history.erased.hint')}</p> : <SaidLine body={statement.body} />}
      <div className="registry-entry-head">
        <span className="faint">{t('history.place', { book: bookText(entry.book), number: entry.number })}</span>
        <Proof entry={entry} />
      </div>
    </li>
  );
}

const authorText = ({ envelope: { author } }: Statement): string =>
  [author.office, author.officer, author.institution, author.rule].filter((one) => one !== undefined).join(' · ');

function SaidLine({ body }: { body: Statement['body'] }): ReactElement {
  const { t } = useWords('registry');
  const said = useSaid();
  const { tier, typologies = [], until, grounds, reason, revision, outcome } = body;
  return (
    <div>
      {tier === undefined ? null : <TierTag tier={tier} />}{' '}
      {reason === undefined ? null : <Tag>{t(`terms:withdrawalReason.${reason}`)}</Tag>}
      {outcome === undefined ? null : <Tag>{t(`terms:appealState.${outcome}`)}</Tag>}
      <span className="soft">{typologies.map((one) => said('typologies', one)).join(' · ')}</span>
      {grounds === undefined ? null : <p dir="auto">{grounds}</p>}
      <span className="faint">
        {revision === undefined ? null : t('history.revision', { revision })}{' '}
        {until === undefined ? null : (
          <>
            {t('history.until')} <Instant at={until} />
          </>
        )}
      </span>
    </div>
  );
}

const verdictTones: Readonly<Record<Proven['verdict'], Tone>> = {
  verified: 'patina',
  partly: 'ochre',
  failed: 'cinnabar',
};
const outcomeTones: Readonly<Record<StepOutcome, Tone>> = { passed: 'patina', unknown: 'stone', failed: 'cinnabar' };

/** Asks for the proof of one entry and verifies it in this browser, step by step. */
function Proof({ entry }: { entry: HistoryEntry }): ReactElement {
  const { t } = useWords('registry');
  const [isAsked, setAsked] = useState(false);
  const { member: author, book, number, commitment } = entry;
  const proven = useQuery({
    queryKey: ['/v1/journal/proof', author, book, number],
    enabled: isAsked,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const query = { author, book, number };
      const proof = await get<DeskProof>('/v1/journal/proof', { query, purpose: 'investigation', signal });
      return prove(proof, { author, book, number, commitment });
    },
  });
  if (!isAsked || proven.isPending)
    return (
      <Button variant="subtle" size="compact-xs" loading={isAsked} onClick={() => setAsked(true)}>
        {t('proof.ask')}
      </Button>
    );
  if (proven.data === undefined) return <RefusalNotice error={proven.error} />;
  const { verdict, steps, hashes, size } = proven.data;
  return (
    <details className="registry-proof" role="status" open={verdict === 'failed'}>
      <summary>
        <Tag tone={verdictTones[verdict]}>{t(`proof.${verdict}`)}</Tag> <span className="soft">{t('proof.steps')}</span>
      </summary>
      <ol>
        {steps.map(({ name, outcome }) => (
          <li key={name}>
            <Tag tone={outcomeTones[outcome]}>{t(`proof.outcome.${outcome}`)}</Tag>{' '}
            {t(`proof.step.${name}`, { count: hashes, size })}
          </li>
        ))}
      </ol>
    </details>
  );
}
