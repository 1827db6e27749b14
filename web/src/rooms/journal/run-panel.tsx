import { Button, NativeSelect, Progress } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useFormat } from '../../ui/format.ts';
import { Ring } from '../../ui/mark.tsx';
import { Panel } from '../../ui/page.tsx';
import { useRefusalText } from '../../ui/refusal.tsx';
import { BookName } from '../../ui/book.tsx';
import { MemberName } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { isBad } from './result-tag.tsx';
import type { BookResult, Run, useVerification } from './verification.ts';
import type { HeldBook } from './verifying.ts';

const scopes = ['all', 'chosen'] as const;
const counts = [0, 10, 50, 200, 2000] as const;

interface RunPanelProps {
  readonly verification: ReturnType<typeof useVerification>;
  readonly books: readonly HeldBook[];
  readonly chosen: HeldBook | undefined;
}

/** Begins a verification, shows how far it is and what came of it. */
export function RunPanel({ verification, books, chosen }: RunPanelProps): ReactElement {
  const { t } = useWords('journal');
  const format = useFormat();
  const { run, start, halt } = verification;
  const [scope, setScope] = useState<(typeof scopes)[number]>('all');
  const [entries, setEntries] = useState<number>(10);
  const isRunning = run.state === 'running';
  const wanted = scope === 'all' ? books : books.filter((book) => book === chosen);
  return (
    <Panel title={t('verify.title')}>
      <p className="soft">{t('verify.text')}</p>
      <div className="filters">
        <NativeSelect
          label={t('verify.scope')}
          value={scope}
          disabled={isRunning}
          onChange={({ currentTarget }) => setScope(currentTarget.value === 'all' ? 'all' : 'chosen')}
          data={scopes.map((one) => ({ value: one, label: t(`verify.scope.${one}`) }))}
        />
        <NativeSelect
          label={t('verify.entries')}
          value={String(entries)}
          disabled={isRunning}
          onChange={({ currentTarget }) => setEntries(Number(currentTarget.value))}
          data={counts.map((one) => ({
            value: String(one),
            label: one === 0 ? t('verify.entries.none') : t('verify.entries.some', { most: format.number(one) }),
          }))}
        />
        {isRunning ? (
          <Button variant="default" onClick={halt}>
            {t('verify.stop')}
          </Button>
        ) : (
          <Button disabled={wanted.length === 0} onClick={() => void start(wanted, entries)}>
            {t('verify.start')}
          </Button>
        )}
      </div>
      {run.state === 'idle' ? null : <Result run={run} />}
    </Panel>
  );
}

function Result({ run }: { run: Run }): ReactElement {
  const { t } = useWords('journal');
  const format = useFormat();
  const { state, done, total, books } = run;
  const results = Object.entries(books);
  const sum = (count: (result: BookResult) => number): number =>
    results.reduce((all, [, result]) => all + count(result), 0);
  const bad = results.filter(([, result]) => isBad(result));
  const gaps = sum(({ unanswered, error }) => unanswered.length + (error === undefined ? 0 : 1));
  const share = total === 0 ? 1 : done / total;
  const tone = bad.length > 0 ? 'cinnabar' : gaps > 0 ? 'ochre' : 'patina';
  return (
    <>
      <div className="journal-progress">
        <Ring share={share} size={30} tone={state === 'running' ? 'bronze' : tone} />
        <Progress value={share * 100} aria-label={t('progress')} color={state === 'running' ? 'bronze' : tone} />
        <span className="nowrap">
          {format.number(done)} / {format.number(total)}
        </span>
      </div>
      {state === 'running' ? null : (
        <div className={`notice tone-${tone}`} role="status">
          <p>
            <strong>
              {t(
                bad.length > 0
                  ? 'outcome.bad'
                  : state === 'stopped'
                    ? 'outcome.stopped'
                    : gaps > 0
                      ? 'outcome.gaps'
                      : 'outcome.good',
              )}
            </strong>
          </p>
          <p>
            {t('outcome.counts', {
              books: format.number(results.length),
              verified: format.number(sum(({ verified }) => verified)),
              partly: format.number(sum(({ partly }) => partly)),
              failed: format.number(sum(({ failed }) => failed.length)),
              unanswered: format.number(gaps),
            })}
          </p>
          {bad.length === 0 ? null : <p>{t('outcome.bad.hint')}</p>}
        </div>
      )}
      {results
        .filter(([, result]) => isBad(result) || result.unanswered.length > 0 || result.error !== undefined)
        .map(([key, result]) => (
          <Troubles key={key} book={key} result={result} />
        ))}
    </>
  );
}

/** What did not hold in one book, entry by entry. */
function Troubles({ book, result }: { book: string; result: BookResult }): ReactElement {
  const { t } = useWords('journal');
  const refusalText = useRefusalText();
  const { checked, failed, unanswered, error } = result;
  const [author = '', name = ''] = book.split('/');
  const ofBook = [
    ...(checked?.signature === 'failed' ? [t('trouble.signature')] : []),
    ...(checked?.origin === 'failed' ? [t('trouble.origin')] : []),
    ...(checked?.root === 'failed' ? [t('trouble.root')] : []),
    ...(checked?.growth === 'shrunk' || checked?.growth === 'changed' ? [t(`growth.${checked.growth}`)] : []),
    ...(error === undefined ? [] : [refusalText(error).text]),
  ];
  return (
    <details className="journal-troubles" open={isBad(result)}>
      <summary>
        <MemberName code={author} />, <BookName book={name} />
      </summary>
      <ul className="journal-list">
        {ofBook.map((text) => (
          <li key={text}>{text}</li>
        ))}
        {failed.map(({ number, steps }) => (
          <li key={number}>
            {t('trouble.entry', { number })} {steps.map((step) => t(`step.${step}.failed`)).join(' ')}
          </li>
        ))}
        {unanswered.map(({ number, error: why }) => (
          <li key={number} className="soft">
            {t('trouble.unanswered', { number })} {refusalText(why).text}
          </li>
        ))}
      </ul>
    </details>
  );
}
