import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import type { Checked, Conversation, Performed } from '../../../../server/src/liaison/contract.ts';
import { Refused, post } from '../../link/call.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { ActButton } from '../../ui/act.tsx';
import { ActForm } from '../../ui/act-form.tsx';
import { shortId } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/page.tsx';
import { useRefusalText } from '../../ui/refusal.tsx';
import type { Seconded } from '../../ui/second-person.tsx';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import { touchesOf } from './request-hands.tsx';

/** What is written and not said: what speaks against it, who must agree, and sending it. */
export function DraftPanel(props: {
  of: Conversation;
  onDone: (answer: Seconded, text: string) => void;
}): ReactElement {
  const { of, onDone } = props;
  const { t } = useWords('liaison');
  const memberName = useMemberName();
  const may = useMay();
  const { officer } = useOfficer();
  const { request, draft } = of;
  const [isSending, setSending] = useState(false);
  const [despite, setDespite] = useState(false);
  const check = useQuery({
    queryKey: [`/v1/requests/${request.id}/check`, JSON.stringify(draft)],
    enabled: may('liaison.ask'),
    queryFn: ({ signal }) => post<Checked>(`/v1/requests/${request.id}/check`, {}, { purpose: 'request', signal }),
  });
  const objections = check.data?.objections ?? [];
  const isBlocked = objections.some(({ blocks }) => blocks);
  const mayApprove = may('liaison.approve') && draft?.draftedBy !== officer && draft?.approvedBy === null;
  return (
    <Panel title={t(request.revision === 0 ? 'draft' : 'draft.revision')} className="tone-ochre liaison-draft">
      <p className="soft">
        {draft?.draftedBy === null ? t('draft.by-rule') : t('draft.by', { officer: draft?.draftedBy ?? '' })}{' '}
        {draft?.approvedBy === null || draft === null ? null : t('draft.approved-by', { officer: draft.approvedBy })}
      </p>
      {may('liaison.ask') ? (
        <Shown query={check}>{(checked) => <CheckedFacts of={checked} member={request.to} />}</Shown>
      ) : null}
      <Group gap="xs" mt="sm">
        {may('liaison.ask') ? (
          <Button disabled={isBlocked} onClick={() => setSending(true)}>
            {t('send')}
          </Button>
        ) : null}
        {mayApprove ? (
          <ActButton
            act={async () => post(`/v1/requests/${request.id}/approval`, {}, { purpose: 'request' })}
            done={t('approved')}
            touches={touchesOf(request.id)}
            confirm={{
              title: t('approve'),
              text: t(draft?.draftedBy === null ? 'approve.rule.what' : 'approve.what'),
              yes: t('approve'),
            }}
          >
            {t('approve')}
          </ActButton>
        ) : null}
        {may('liaison.ask') && request.revision === 0 ? (
          <Button variant="default" component={Link} to={`/requests/new?draft=${request.id}`}>
            {t('draft.change')}
          </Button>
        ) : null}
      </Group>
      <ActForm<Performed>
        opened={isSending}
        onClose={() => setSending(false)}
        title={t('send')}
        what={t('send.what', { member: memberName(request.to) })}
        submit={t('send')}
        isReady={objections.length === 0 || despite}
        act={async () => post<Performed>(`/v1/requests/${request.id}/send`, { despite }, { purpose: 'request' })}
        touches={touchesOf(request.id)}
        after={(answer) => onDone(answer, t('sent'))}
      >
        {objections.length > 0 ? (
          <Checkbox
            label={t('send.despite')}
            checked={despite}
            onChange={(event) => setDespite(event.currentTarget.checked)}
          />
        ) : null}
      </ActForm>
    </Panel>
  );
}

/** What the rules of both members say of a draft. */
function CheckedFacts({ of, member }: { of: Checked; member: string }): ReactElement {
  const { t } = useWords('liaison');
  const memberName = useMemberName();
  const refusalText = useRefusalText();
  const { objections, needs, termsKnown, staffed, overlaps } = of;
  return (
    <Stack gap="xs">
      {objections.length === 0 ? <p className="notice tone-patina">{t('check.fine')}</p> : null}
      {objections.map(({ code, side, blocks, wayAround }) => (
        <div key={code + side} className={`notice tone-${blocks ? 'cinnabar' : 'ochre'}`}>
          <p>
            <Tag tone={blocks ? 'cinnabar' : 'ochre'}>{t(`terms:side.${side}`)}</Tag>{' '}
            {refusalText(new Refused({ code, status: 409 })).text}
          </p>
          {blocks ? <p>{t('check.blocks')}</p> : null}
          {wayAround === undefined ? null : <p>{t('check.way-around', { way: wayAround })}</p>}
        </div>
      ))}
      {needs.length === 0 ? null : (
        <p>
          {t('check.needs')}{' '}
          {needs.map((need) => (
            <Tag key={need} tone="ochre" outlined>
              {t(`terms:requestNeed.${need}`)}
            </Tag>
          ))}
        </p>
      )}
      {termsKnown ? null : <p className="soft">{t('check.terms-unknown', { member: memberName(member) })}</p>}
      {staffed === false ? (
        <p className="notice tone-ochre">{t('check.unstaffed', { member: memberName(member) })}</p>
      ) : null}
      {staffed === true ? <p className="soft">{t('check.staffed', { member: memberName(member) })}</p> : null}
      {overlaps.length === 0 ? null : (
        <p className="notice tone-ochre">
          {t('check.overlaps')}{' '}
          {overlaps.map((id) => (
            <span key={id}>
              <Link to={`/requests/${id}`}>{shortId(id)}</Link>{' '}
            </span>
          ))}
        </p>
      )}
    </Stack>
  );
}
