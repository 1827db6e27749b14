import { Button, Group, Textarea } from '@mantine/core';
import { useMemo, useState, type ReactElement } from 'react';
import type { Approval, Decided } from '../../../../server/src/access/contract.ts';
import { call, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useOfficer } from '../../link/session.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { useShortcuts } from '../../ui/keys.ts';
import { Panel } from '../../ui/page.tsx';
import { useWords } from '../../ui/words.ts';

type Choice = 'approve' | 'reject' | 'withdraw';

/** Approve or reject as the second person; take it back as the first. What each leads to is said before. */
export function ApprovalActs({ approval }: { approval: Approval }): ReactElement {
  const { t } = useWords('access');
  const { officer } = useOfficer();
  const isOwn = approval.proposer === officer;
  const isOpen = approval.state === 'open';
  const [choice, setChoice] = useState<Choice | undefined>(undefined);
  const shortcuts = useMemo(
    () =>
      isOwn || !isOpen
        ? []
        : [
            { keys: 'a', label: t('approval.approve'), act: () => setChoice('approve') },
            { keys: 'x', label: t('approval.reject'), act: () => setChoice('reject') },
          ],
    [isOwn, isOpen, t],
  );
  useShortcuts(shortcuts);
  return (
    <>
      {isOpen ? <Choices approval={approval} isOwn={isOwn} choose={setChoice} /> : null}
      {/* It outlives the proposal: whoever is about to decide reads that it was too late. */}
      {choice === undefined ? null : (
        <Decide approval={approval} choice={choice} onClose={() => setChoice(undefined)} />
      )}
    </>
  );
}

interface ChoicesProps {
  readonly approval: Approval;
  readonly isOwn: boolean;
  readonly choose: (choice: Choice) => void;
}

function Choices({ approval: { performed }, isOwn, choose }: ChoicesProps): ReactElement {
  const { t } = useWords('access');
  return (
    <Panel title={t(isOwn ? 'approval.own' : 'approval.decide')}>
      <p className="approval-hint">
        {t(isOwn ? 'approval.own.what' : performed ? 'approval.decide.performed' : 'approval.decide.what')}
      </p>
      <p className="approval-hint soft">{t(performed ? 'approval.lapse.performed' : 'approval.lapse')}</p>
      {isOwn ? (
        performed ? null : (
          <Button variant="default" onClick={() => choose('withdraw')}>
            {t('approval.withdraw')}
          </Button>
        )
      ) : (
        <Group gap="xs">
          <Button color="patina" onClick={() => choose('approve')} rightSection={<kbd>a</kbd>}>
            {t(performed ? 'approval.confirm' : 'approval.approve')}
          </Button>
          <Button color="cinnabar" variant="light" onClick={() => choose('reject')} rightSection={<kbd>x</kbd>}>
            {t(performed ? 'approval.undo' : 'approval.reject')}
          </Button>
        </Group>
      )}
    </Panel>
  );
}

function Decide(props: { approval: Approval; choice: Choice; onClose: () => void }): ReactElement {
  const { approval, choice, onClose } = props;
  const { t } = useWords('access');
  const { id, performed } = approval;
  const { draft, change, clear } = useDraft(`approval:${id}`, { note: '' });
  const note = draft.note.trim();
  const path = `/v1/approvals/${id}`;
  const [name, what] = wordsOf(choice, performed);
  return (
    <ActForm<Decided | undefined>
      opened
      onClose={onClose}
      title={t(`approval.${name}`)}
      what={<p style={{ margin: 0 }}>{t(`approval.${what}`)}</p>}
      submit={t(`approval.${name}`)}
      color={choice === 'approve' ? 'patina' : 'cinnabar'}
      act={() =>
        choice === 'withdraw'
          ? call<undefined>('DELETE', path)
          : post<Decided>(`${path}/decision`, { approve: choice === 'approve', ...(note !== '' && { note }) })
      }
      done={() => t(`approval.${name}.done`)}
      touches={['/v1/approvals', path, '/v1/holds', '/v1/orders', '/v1/returns']}
      after={clear}
      isReady={choice !== 'reject' || note !== ''}
    >
      {choice === 'withdraw' ? null : (
        <Textarea
          label={t('approval.note')}
          description={t(choice === 'reject' ? 'approval.note.reject' : 'approval.note.approve')}
          required={choice === 'reject'}
          data-autofocus
          maxLength={2000}
          value={draft.note}
          onChange={({ currentTarget }) => change({ note: currentTarget.value })}
        />
      )}
    </ActForm>
  );
}

/** The name of the deed and what it leads to: what was done already is confirmed or undone. */
function wordsOf(choice: Choice, performed: boolean): readonly [name: string, what: string] {
  if (choice === 'withdraw') return ['withdraw', 'withdraw.what'];
  if (choice === 'approve') return performed ? ['confirm', 'confirm.what'] : ['approve', 'approve.what'];
  return performed ? ['undo', 'undo.what'] : ['reject', 'reject.what'];
}
