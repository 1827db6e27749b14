import { Button, Group, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type SubmitEvent, type ReactElement } from 'react';
import type { ImportReport, ImportTerms } from '../../../../server/src/registry/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useGo } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { Page, Panel } from '../../ui/page.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { say } from '../../ui/toast.tsx';
import { useWords } from '../../ui/words.ts';
import { claimBody, emptyClaim, endOfDay, objectionsTo, type ClaimDraft, type Word } from './claim.ts';
import { AudienceFields, ClaimFields, HandlingFields, SightingField } from './claim-fields.tsx';
import { Consequences } from './consequences.tsx';
import { FileChoice, FilePreview } from './import-preview.tsx';
import { startRun, type FilePlan } from './import-runs.ts';
import { HintFields, identifierTypeOf } from './lines.tsx';
import { ApprovalLink } from './outcome.tsx';
import './registry.css';

interface ImportDraft extends ClaimDraft {
  readonly source: string;
  readonly type: string;
  readonly country: string;
  readonly bank: string;
}

interface Started {
  readonly import?: ImportReport;
  readonly proposal?: string;
  readonly review?: string;
}

const emptyDraft: ImportDraft = { ...emptyClaim, source: '', type: '', country: '', bank: '' };

function termsOf(draft: ImportDraft, timeZone: string | null): ImportTerms {
  const { source, country, bank } = draft;
  const type = identifierTypeOf(draft.type);
  return {
    ...claimBody(draft, (day) => endOfDay(day, timeZone)),
    source: source.trim(),
    ...(type !== undefined && { type }),
    ...(country.length === 2 && { country }),
    ...(bank.trim() !== '' && { bank: bank.trim() }),
  };
}

/** Import a file: what it holds is looked at, and everything is chosen, before the first row is sent. */
export function Screen(): ReactElement {
  const { t } = useWords('registry');
  const go = useGo();
  const { timeZone } = usePreferences().preferences;
  const { draft, change, clear } = useDraft<ImportDraft>('import', emptyDraft);
  const [file, setFile] = useState<File | undefined>();
  const [plan, setPlan] = useState<FilePlan | undefined>();
  const [isAsked, setAsked] = useState(false);
  const types = draft.type === '' ? [] : [draft.type];
  const missing = [...fileNeeds(draft, file, plan), ...objectionsTo(draft, { types })];
  const opening = useAct<void, Started>({
    act: () => post<Started>('/v1/registry/imports', termsOf(draft, timeZone)),
    quiet: true,
    touches: ['/v1/registry/imports'],
    after: (started) => {
      if (started.import === undefined || file === undefined || plan === undefined) return;
      if (started.review !== undefined) say(t('outcome.review'), { tone: 'ochre' });
      clear();
      startRun(started.import, file, plan);
      go(`/imports/${started.import.id}`);
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (missing.length === 0 && !opening.isPending) opening.mutate();
  };
  return (
    <Page title={t('import.title')} acts={<Link to="/imports">{t('import.all')}</Link>}>
      <form onSubmit={submit} className="registry-form" noValidate>
        <div className="registry-form-main">
          <Panel title={t('import.file')}>
            <FileChoice file={file} onFile={setFile} />
          </Panel>
          {file === undefined ? null : <FilePreview file={file} onPlan={setPlan} hints={draft} />}
          <Panel title={t('import.terms')}>
            <p className="soft">{t('import.terms.hint')}</p>
            <TextInput
              label={t('import.source')}
              description={t('import.source.hint')}
              value={draft.source}
              onChange={(event) => change({ source: event.currentTarget.value })}
              maxLength={120}
              required
            />
            <HintFields draft={draft} change={change} />
            {draft.type === '' || draft.type === 'phone' ? <SightingField claim={draft} change={change} /> : null}
            <ClaimFields claim={draft} change={change} />
          </Panel>
          <Panel title={t('list.readers')}>
            <AudienceFields claim={draft} change={change} />
            <HandlingFields claim={draft} change={change} />
          </Panel>
        </div>
        <div className="registry-form-side">
          <Consequences claim={draft} types={types} missing={isAsked ? missing : []} />
          {opening.error === null ? null : <RefusalNotice error={opening.error} />}
          {opening.data?.proposal === undefined ? null : (
            <div className="notice tone-ochre" role="status">
              <p>
                {t('import.proposed')} <ApprovalLink id={opening.data.proposal} />
              </p>
            </div>
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={opening.isPending}>
              {t('import.start')}
            </Button>
          </Group>
        </div>
      </form>
    </Page>
  );
}

function fileNeeds(draft: ImportDraft, file: File | undefined, plan: FilePlan | undefined): Word[] {
  const needs: Word[] = [];
  if (file === undefined) needs.push({ code: 'file' });
  else if (plan === undefined) needs.push({ code: 'readable-file' });
  else if (!Object.values(plan.columns).includes('identifier')) needs.push({ code: 'identifier-column' });
  if (draft.source.trim() === '') needs.push({ code: 'source' });
  return needs;
}
