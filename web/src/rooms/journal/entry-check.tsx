import { Button, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { DeskProof } from '../../../../server/src/journal/contract.ts';
import { get } from '../../link/call.ts';
import { prove, type Proven, type StepOutcome } from '../../link/proving.ts';
import { FactTree } from '../../ui/fact-tree.tsx';
import { useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import type { HeldBook } from './verifying.ts';

interface EntryCheckProps {
  readonly book: HeldBook;
  readonly number: number | undefined;
  readonly onNumber: (number: string) => void;
}

/** One entry by its number: its proof step by step, and what it says if this officer may read it. */
export function EntryCheck({ book, number, onNumber }: EntryCheckProps): ReactElement {
  const { t } = useWords('journal');
  const [typed, setTyped] = useState<number | string>(number ?? '');
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (typed !== '') onNumber(String(typed));
  };
  return (
    <Panel title={t('entry.title')}>
      <form onSubmit={submit} className="filters">
        <NumberInput
          label={t('entry.number')}
          description={book.size === 0 ? t('entry.none') : t('entry.range', { last: String(book.size - 1) })}
          value={typed}
          onChange={setTyped}
          min={0}
          max={Math.max(0, book.size - 1)}
          allowDecimal={false}
          allowNegative={false}
          hideControls
        />
        <Button type="submit" variant="default" disabled={typed === '' || book.size === 0}>
          {t('entry.check')}
        </Button>
      </form>
      {number === undefined ? null : <Answer book={book} number={number} />}
    </Panel>
  );
}

function Answer({ book: { author, book }, number }: { book: HeldBook; number: number }): ReactElement {
  const seen = { author, book, number };
  const query = useQuery({
    queryKey: ['/v1/journal/proof', seen],
    queryFn: async ({ signal }) => {
      const proof = await get<DeskProof>('/v1/journal/proof', { query: seen, purpose: 'audit', signal });
      return { proof, proven: await prove(proof, seen) };
    },
    staleTime: Infinity,
  });
  return <Shown query={query}>{({ proof, proven }) => <Proof proof={proof} proven={proven} />}</Shown>;
}

const verdictTones: Readonly<Record<Proven['verdict'], Tone>> = {
  verified: 'patina',
  partly: 'ochre',
  failed: 'cinnabar',
};
const stepTones: Readonly<Record<StepOutcome, Tone>> = { passed: 'patina', failed: 'cinnabar', unknown: 'stone' };

function Proof({ proof, proven }: { proof: DeskProof; proven: Proven }): ReactElement {
  const { t } = useWords('journal');
  const format = useFormat();
  const { verdict, steps, hashes, size } = proven;
  return (
    <>
      <div className={`notice tone-${verdictTones[verdict]}`} role="status">
        <p>
          <strong>{t(`verdict.${verdict}`)}</strong>
        </p>
        <p>{t('entry.how', { hashes: format.number(hashes), size: format.number(size) })}</p>
      </div>
      <ol className="journal-steps">
        {steps.map(({ name, outcome }) => (
          <li key={name}>
            <Tag tone={stepTones[outcome]}>{t(`outcome.${outcome}`)}</Tag>{' '}
            {t(outcome === 'failed' ? `step.${name}.failed` : `step.${name}`)}
          </li>
        ))}
      </ol>
      <h3>{t('entry.text')}</h3>
      <Text proof={proof} />
    </>
  );
}

function Text({ proof: { entry, absent } }: { proof: DeskProof }): ReactElement {
  const { t } = useWords('journal');
  if (entry === null) return <p className="soft">{t(`absent.${absent ?? 'not-here'}`)}</p>;
  return (
    <>
      <FactTree of={readJson(entry.text)} />
      <details>
        <summary>{t('entry.raw')}</summary>
        <pre className="mono journal-note">{entry.text}</pre>
      </details>
    </>
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
