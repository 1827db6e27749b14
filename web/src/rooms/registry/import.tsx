import { Button, Group, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { ImportReport } from '../../../../server/src/registry/contract.ts';
import { get } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { useParam } from '../../link/view.ts';
import { ActButton } from '../../ui/act.tsx';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { saveBlob } from '../../ui/save.ts';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { useCodeText } from './codes.ts';
import type { LineRefusal } from './import-columns.ts';
import { FileChoice, FilePreview } from './import-preview.tsx';
import {
  beginAnew,
  goOn,
  pauseRun,
  refusalsMax,
  shareOf,
  startRun,
  useRun,
  type FilePlan,
  type Run,
} from './import-runs.ts';
import './registry.css';

const shownRefusals = 200;
const noHints = { type: '', country: '', bank: '' };

/** One import: how far it is, what was refused and why; an interrupted one goes on with the same file. */
export function Screen(): ReactElement {
  const { t } = useWords('registry');
  const id = useParam('id');
  const run = useRun(id);
  // Until the server itself says that it is finished.
  const isMoving = run?.state === 'sending' || run?.state === 'finished';
  const report = useQuery({
    queryKey: ['/v1/registry/imports', id],
    queryFn: ({ signal }) => get<ImportReport>(`/v1/registry/imports/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (isMoving && state.data?.state !== 'finished' ? 2000 : false),
  });
  return (
    <Page title={report.data === undefined ? t('import.one') : t('import.of', { source: report.data.source })}>
      <Shown query={report}>
        {(found) => (
          <div className="registry-stack">
            {run === undefined ? null : <Progressing run={run} />}
            <Counts report={found} run={run} />
            {run === undefined && found.state === 'open' ? <Resume report={found} /> : null}
            {run === undefined || run.refused + run.unread === 0 ? null : <Refusals run={run} />}
          </div>
        )}
      </Shown>
    </Page>
  );
}

function Progressing({ run }: { run: Run }): ReactElement {
  const { t } = useWords('registry');
  const format = useFormat();
  const { id, state, file, error } = run;
  const share = shareOf(run);
  return (
    <Panel title={t(`run.${state}`)}>
      <Progress
        value={share * 100}
        animated={state === 'sending'}
        color={state === 'finished' ? 'patina' : state === 'failed' ? 'cinnabar' : 'bronze'}
        aria-label={t('run.progress')}
        size="lg"
      />
      <p className="soft" aria-live="polite">
        {t('run.read', { name: file.name, share: format.percent(share) })}
      </p>
      {state === 'sending' ? <p className="soft">{t('run.stay')}</p> : null}
      {state === 'failed' ? <RefusalNotice error={error} /> : null}
      {state === 'other-file' ? <p>{t('run.other-file.hint')}</p> : null}
      <Group gap="xs">
        {state === 'sending' ? (
          <Button variant="default" onClick={() => pauseRun(id)}>
            {t('run.pause')}
          </Button>
        ) : null}
        {state === 'paused' || state === 'failed' ? <ActButton act={() => goOn(id)}>{t('run.go-on')}</ActButton> : null}
        {state === 'other-file' ? (
          <ActButton
            act={() => beginAnew(id)}
            confirm={{ title: t('run.anew'), text: t('run.anew.what'), yes: t('run.anew') }}
          >
            {t('run.anew')}
          </ActButton>
        ) : null}
      </Group>
    </Panel>
  );
}

function Counts({ report, run }: { report: ImportReport; run: Run | undefined }): ReactElement {
  const { t } = useWords('registry');
  const format = useFormat();
  const { items, taken, known, refused } = run ?? report;
  return (
    <Panel title={t('import.counts')}>
      <Facts
        facts={[
          [
            t('import.state'),
            <Tag
              key="state"
              tone={report.state === 'open' ? 'ochre' : report.state === 'finished' ? 'patina' : 'stone'}
            >
              {t(`terms:importState.${report.state}`)}
            </Tag>,
          ],
          [t('import.items'), format.number(items)],
          [t('import.taken'), format.number(taken)],
          [t('import.known'), format.number(known)],
          [t('import.refused'), format.number(refused)],
          [t('import.unread'), run === undefined || run.unread === 0 ? undefined : format.number(run.unread)],
          [t('import.started'), <Instant key="started" at={report.startedAt} />],
          [
            t('import.finished'),
            report.finishedAt === undefined ? undefined : <Instant key="finished" at={report.finishedAt} />,
          ],
        ]}
      />
    </Panel>
  );
}

/** An open import that this tab does not send: with the same file it goes on where it stopped. */
function Resume({ report }: { report: ImportReport }): ReactElement | null {
  const { t } = useWords('registry');
  const may = useMay();
  const [file, setFile] = useState<File | undefined>();
  const [plan, setPlan] = useState<FilePlan | undefined>();
  if (!may('registry.list')) return null;
  const isReady = file !== undefined && plan !== undefined && Object.values(plan.columns).includes('identifier');
  return (
    <Panel title={t('resume.title')}>
      <p className="soft">{t('resume.what')}</p>
      <FileChoice file={file} onFile={setFile} />
      {file === undefined ? null : <FilePreview file={file} onPlan={setPlan} hints={noHints} />}
      <Group justify="flex-end" mt="sm">
        <Button disabled={!isReady} onClick={() => isReady && startRun(report, file, plan)}>
          {t('run.go-on')}
        </Button>
      </Group>
    </Panel>
  );
}

function Refusals({ run: { refusals, file, refused, unread } }: { run: Run }): ReactElement {
  const { t } = useWords('registry');
  const codeText = useCodeText();
  const download = (): void => {
    const rows = refusals.map((one) => [
      String(one.line),
      one.identifier ?? '',
      one.refused,
      codeText(one.refused, one.params),
    ]);
    const head = [t('list.line'), t('refusals.identifier'), t('refusals.code'), t('refusals.why')];
    const text = [head, ...rows].map((cells) => cells.map(cellOf).join(',')).join('\r\n');
    saveBlob(new Blob([`\uFEFF${text}\r\n`], { type: 'text/csv' }), `${file.name}.refused.csv`);
  };
  return (
    <Panel
      title={t('refusals.title', { count: refusals.length })}
      acts={
        <Button variant="default" size="compact-xs" onClick={download}>
          {t('refusals.download')}
        </Button>
      }
    >
      {refused + unread > refusals.length && refusals.length < refusalsMax ? (
        <p className="soft">{t('refusals.earlier')}</p>
      ) : null}
      {refusals.length >= refusalsMax ? <p className="soft">{t('refusals.most', { count: refusalsMax })}</p> : null}
      <div className="list registry-results" tabIndex={0} role="region" aria-label={t('refusals.list')}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="end">
                {t('list.line')}
              </th>
              <th scope="col">{t('refusals.identifier')}</th>
              <th scope="col">{t('refusals.why')}</th>
            </tr>
          </thead>
          <tbody>
            {refusals.slice(0, shownRefusals).map((one) => (
              <RefusedRow key={`${String(one.line)} ${one.refused}`} refusal={one} />
            ))}
          </tbody>
        </table>
      </div>
      {refusals.length > shownRefusals ? <p className="soft">{t('refusals.first', { count: shownRefusals })}</p> : null}
    </Panel>
  );
}

function RefusedRow({ refusal }: { refusal: LineRefusal }): ReactElement {
  const codeText = useCodeText();
  return (
    <tr>
      <td className="end">{refusal.line}</td>
      <td className="mono">{refusal.identifier}</td>
      <td>{codeText(refusal.refused, refusal.params)}</td>
    </tr>
  );
}

/** A cell that no spreadsheet takes for a formula; a phone number's plus is none. */
function cellOf(text: string): string {
  const harmless = /^[=@\t\r]|^[+-](?!\d)/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
