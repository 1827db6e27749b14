import { Button, Progress, Textarea } from '@mantine/core';
import { useRef, useState, type ReactElement } from 'react';
import type { Hints } from '@bronze-drum/protocol/identifiers/identifier';
import type { ScreenResponse } from '../../../../server/src/screening/contract.ts';
import { post, Refused } from '../../link/call.ts';
import { useInstitution } from '../../link/session.ts';
import { useFormat } from '../../ui/format.ts';
import { Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';
import { CheckFile } from './check-file.tsx';
import { CheckResults } from './check-results.tsx';
import { batchesOf, checkedOf, itemsOf, linesMax, linesOf, type Asked, type Checked } from './checking.ts';
import { HintFields, hintsOf } from './hints.tsx';

/** A list on its way: what was answered so far, what is left, and why it stopped. */
interface Run {
  readonly hints: Hints;
  readonly total: number;
  readonly checked: readonly Checked[];
  readonly left: readonly (readonly Asked[])[];
  readonly isRunning: boolean;
  readonly error: unknown;
}

/** One call more. */
async function step(run: Run, signal: AbortSignal): Promise<Run> {
  const [batch = [], ...left] = run.left;
  const identifiers = itemsOf(batch, run.hints);
  // A part of which nothing could be read is not asked.
  const results =
    identifiers.length === 0 ? [] : (await post<ScreenResponse>('/v1/screen', { identifiers }, { signal })).results;
  return { ...run, checked: run.checked.concat(checkedOf(batch, results)), left };
}

/** Many lines in calls of up to ten thousand, one after the other. What was answered stays, whatever comes of the rest. */
function useRun() {
  const [run, setRun] = useState<Run | undefined>(undefined);
  const running = useRef<AbortController | undefined>(undefined);
  const goOn = async (from: Run): Promise<void> => {
    const control = new AbortController();
    running.current?.abort();
    running.current = control;
    let at: Run = { ...from, isRunning: true, error: null };
    setRun(at);
    try {
      while (at.left.length > 0) {
        at = await step(at, control.signal);
        setRun(at);
      }
      setRun({ ...at, isRunning: false });
    } catch (error) {
      if (running.current === control)
        setRun({ ...at, isRunning: false, error: control.signal.aborted ? null : error });
    }
  };
  return {
    run,
    start: (asked: readonly Asked[], hints: Hints) =>
      void goOn({
        hints,
        total: asked.length,
        checked: [],
        left: batchesOf(asked),
        isRunning: true,
        error: null,
      }),
    goOn: () => (run === undefined ? undefined : void goOn(run)),
    stop: () => running.current?.abort(),
    refuse: (error: unknown) => setRun({ hints: {}, total: 0, checked: [], left: [], isRunning: false, error }),
  };
}

/** A list, pasted or from a file. */
export function CheckMany(): ReactElement {
  const { t } = useWords('institution');
  const format = useFormat();
  const country = useInstitution().member.toUpperCase();
  const [text, setText] = useState('');
  const [hints, setHints] = useState({ type: '', bank: '' });
  const { run, start, goOn, stop, refuse } = useRun();
  const asked = linesOf(text);
  const check = (given: readonly Asked[]): void => {
    if (given.length > linesMax) refuse(new Refused({ code: 'too-large.lines', params: { linesMax }, status: 413 }));
    else if (given.length > 0) start(given, hintsOf(hints, country));
  };
  const isRunning = run?.isRunning === true;
  return (
    <div className="institution-stack">
      <Panel>
        <div className="institution-stack">
          <div className="institution-row">
            <HintFields hints={hints} change={(part) => setHints({ ...hints, ...part })} />
          </div>
          <Textarea
            label={t('check.lines')}
            description={t('check.lines.hint', { most: format.number(linesMax) })}
            classNames={{ input: 'mono' }}
            autosize
            minRows={4}
            maxRows={12}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <div className="institution-acts">
            <Button disabled={asked.length === 0} loading={isRunning} onClick={() => check(asked)}>
              {t('check.lines.submit', { count: asked.length })}
            </Button>
          </div>
          <CheckFile isBusy={isRunning} check={check} />
        </div>
      </Panel>
      {run === undefined ? null : (
        <>
          {isRunning || run.left.length > 0 ? (
            <div className="institution-acts">
              <Progress
                aria-label={t('check.progress')}
                value={run.total === 0 ? 0 : (run.checked.length / run.total) * 100}
                style={{ flex: '1 1 12rem' }}
              />
              <span className="soft" role="status">
                {t('check.progress.of', { done: format.number(run.checked.length), total: format.number(run.total) })}
              </span>
              <Button variant="default" onClick={isRunning ? stop : goOn}>
                {t(isRunning ? 'check.stop' : 'check.go-on')}
              </Button>
            </div>
          ) : null}
          {run.error === null ? null : <RefusalNotice error={run.error} />}
          {run.checked.length === 0 ? null : <CheckResults checked={run.checked} />}
        </>
      )}
    </div>
  );
}
