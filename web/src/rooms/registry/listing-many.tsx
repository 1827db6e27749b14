import { Button, Progress } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactElement, type ReactNode } from 'react';
import { post, Refused } from '../../link/call.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/page.tsx';
import { useRefusalText } from '../../ui/refusal.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import type { claimBody } from './claim.ts';
import { OutcomeLines, type Outcome } from './outcome.tsx';

type Claim = ReturnType<typeof claimBody>;

/** What became of one identifier; neither yet: it waits for its turn. */
export interface ListedResult {
  readonly key: string;
  readonly claim: Claim;
  readonly outcome?: Outcome;
  readonly error?: unknown;
}

const atOnce = 4;
/** As many as the server takes at once. */
const toldMax = 50;

/** The alert says what came of it. What was listed stands, whether or not it does. */
const tellAlert = (id: string, listed: readonly string[]): Promise<unknown> =>
  post(`/v1/alerts/${id}/consequences`, { to: listed.slice(0, toldMax) }, { purpose: 'alert' }).catch(() => undefined);

/** Whether sending the same again may help. */
const isWorthAgain = (error: unknown): boolean =>
  error instanceof Refused && (error.isOutage || error.code.startsWith('too-many'));

/** Lists identifiers one by one and keeps what the server said of each. `alert`: what led to it, and is told so. */
export function useListing(alert: string | undefined) {
  const client = useQueryClient();
  const [results, setResults] = useState<readonly ListedResult[]>([]);
  const [isSending, setSending] = useState(false);
  const known = useRef(new Map<string, ListedResult>());
  const put = (result: ListedResult): void => {
    known.current.set(result.key, result);
    setResults([...known.current.values()]);
  };
  const sendOne = async (key: string, claim: Claim): Promise<void> => {
    try {
      const sighting = key.startsWith('phone:') ? {} : { sighting: undefined };
      put({
        key,
        claim,
        outcome: await post<Outcome>('/v1/registry/listings', { identifier: key, ...claim, ...sighting }),
      });
    } catch (error) {
      put({ key, claim, error });
    }
  };
  return {
    results,
    isSending,
    forget(): void {
      known.current.clear();
      setResults([]);
    },
    /** Resolves to whether all were taken. */
    async send(keys: readonly string[], claim: Claim): Promise<boolean> {
      setSending(true);
      for (const key of keys) put({ key, claim });
      const [first, ...rest] = keys;
      // The first goes alone: if the server asks for the password again, it asks once.
      if (first !== undefined) await sendOne(first, claim);
      while (rest.length > 0) await Promise.all(rest.splice(0, atOnce).map((key) => sendOne(key, claim)));
      const taken = keys.filter((key) => known.current.get(key)?.outcome !== undefined);
      if (alert !== undefined && taken.length > 0) await tellAlert(alert, taken);
      setSending(false);
      for (const path of ['/v1/registry/listings', '/v1/registry/identifiers', '/v1/registry/exports'])
        void client.invalidateQueries({ queryKey: [path] });
      return [...known.current.values()].every(({ error }) => error === undefined);
    },
  };
}

/** What the server decided of each, as it comes. */
export function ListedResults({
  results,
  isSending,
  again,
  children,
}: {
  results: readonly ListedResult[];
  isSending: boolean;
  again: (keys: readonly string[], claim: Claim) => void;
  children: ReactNode;
}): ReactElement {
  const { t } = useWords('registry');
  const done = results.filter(({ outcome, error }) => outcome !== undefined || error !== undefined);
  const toRepeat = results.filter(({ error }) => isWorthAgain(error));
  return (
    <Panel title={t('result.title', { done: done.length, count: results.length })}>
      {isSending ? (
        <Progress value={(done.length / results.length) * 100} aria-label={t('result.progress')} mb="sm" />
      ) : null}
      <div className="list registry-results" tabIndex={0} role="region" aria-label={t('result.list')}>
        <table>
          <tbody>
            {results.map((result) => (
              <tr key={result.key}>
                <td>
                  <Identifier of={result.key} />
                </td>
                <td>
                  <ResultTag result={result} />
                </td>
                <td>
                  <ResultText result={result} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="registry-after">
        {toRepeat.length > 0 && !isSending ? (
          <Button
            onClick={() =>
              again(
                toRepeat.map(({ key }) => key),
                toRepeat[0]!.claim,
              )
            }
          >
            {t('result.again', { count: toRepeat.length })}
          </Button>
        ) : null}
        {children}
      </div>
    </Panel>
  );
}

function ResultTag({ result: { outcome, error } }: { result: ListedResult }): ReactElement {
  const { t } = useWords('registry');
  if (error !== undefined) return <Tag tone="cinnabar">{t('result.refused')}</Tag>;
  if (outcome === undefined) return <Tag>{t('result.waits')}</Tag>;
  if (outcome.proposal !== undefined) return <Tag tone="ochre">{t('result.proposed')}</Tag>;
  return <Tag tone="patina">{t('result.listed')}</Tag>;
}

function ResultText({ result: { outcome, error } }: { result: ListedResult }): ReactElement | null {
  const refusalText = useRefusalText();
  if (error !== undefined) return <span>{refusalText(error).text}</span>;
  return outcome === undefined ? null : <OutcomeLines outcome={outcome} />;
}
