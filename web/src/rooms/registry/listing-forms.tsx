import { Button, Group, MultiSelect, NativeSelect, Textarea } from '@mantine/core';
import { tiers, typologies, withdrawalReasons } from '@bronze-drum/protocol/statements/listing';
import { useState, type SubmitEvent, type ReactElement, type ReactNode } from 'react';
import type {
  AudienceChange,
  Corroboration,
  Listing,
  Revision,
  Withdrawal,
} from '../../../../server/src/registry/contract.ts';
import { call, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useOfficer } from '../../link/session.ts';
import { useAct } from '../../ui/act.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useBookText } from '../../ui/book.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { audienceInput, claimBody, emptyClaim, endOfDay, reachOf, type ClaimDraft } from './claim.ts';
import { AudienceFields, GradingFields, UntilField } from './claim-fields.tsx';
import { isPlain, OutcomeLines, type Outcome } from './outcome.tsx';

interface FormProps {
  readonly listing: Listing;
  readonly close: () => void;
}

const touched = ['/v1/registry/identifiers', '/v1/registry/listings', '/v1/registry/exports', '/v1/registry/history'];

/** Sends a change of a listing; what must still be decided by others stays on screen, with the way there. */
function useChange(send: () => Promise<Outcome>, done: string, after: () => void) {
  const [outcome, setOutcome] = useState<Outcome | undefined>();
  const doing = useAct<void, Outcome>({
    act: send,
    quiet: true,
    touches: touched,
    done: (answer) => (isPlain(answer) ? done : undefined),
    after: (answer) => (isPlain(answer) ? after() : setOutcome(answer)),
  });
  return { doing, outcome };
}

function ActForm(props: {
  change: ReturnType<typeof useChange>;
  close: () => void;
  what: ReactNode;
  submit: string;
  isReady: boolean;
  color?: string;
  children: ReactNode;
}): ReactElement {
  const { change, close, what, submit, isReady, color = 'bronze', children } = props;
  const { doing, outcome } = change;
  const { t } = useWords('registry');
  if (outcome !== undefined)
    return (
      <div className="registry-stack">
        <div className="notice tone-ochre" role="status">
          <OutcomeLines outcome={outcome} />
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {t('act.close')}
          </Button>
        </Group>
      </div>
    );
  return (
    <form
      className="registry-stack"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        if (isReady && !doing.isPending) doing.mutate();
      }}
    >
      <p>{what}</p>
      {children}
      {doing.error === null ? null : <RefusalNotice error={doing.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          {t('act.cancel')}
        </Button>
        <Button type="submit" color={color} loading={doing.isPending} disabled={!isReady}>
          {submit}
        </Button>
      </Group>
    </form>
  );
}

function Grounds({ grounds, change }: { grounds: string; change: (grounds: string) => void }): ReactElement {
  const { t } = useWords('registry');
  return (
    <Textarea
      label={t('claim.grounds')}
      description={t('claim.grounds.hint')}
      value={grounds}
      onChange={(event) => change(event.currentTarget.value)}
      maxLength={2000}
      required
    />
  );
}

function TierField({ tier, change }: { tier: string; change: (tier: string) => void }): ReactElement {
  const { t } = useWords('registry');
  const said = useSaid();
  return (
    <NativeSelect
      label={t('claim.tier')}
      value={tier}
      onChange={(event) => change(event.currentTarget.value)}
      data={tiers.map((one) => ({ value: one, label: said('tiers', one) }))}
      data-autofocus
    />
  );
}

const pathOf = ({ id }: Listing): string => `/v1/registry/listings/${id}`;

/** The claim of a listing as the forms hold it. */
function claimOf(listing: Listing, member: string): ClaimDraft {
  return {
    ...emptyClaim,
    tier: listing.tier,
    typologies: listing.typologies,
    offence: listing.offence,
    sourceGrade: listing.grading.source,
    informationGrade: String(listing.grading.information),
    ...reachOf(listing.book, member),
  };
}

export function ReviseForm({ listing, close }: FormProps): ReactElement {
  const { t } = useWords('registry');
  const said = useSaid();
  const { timeZone } = usePreferences().preferences;
  const { member } = useOfficer();
  const { draft, change, clear } = useDraft(`revise:${listing.id}`, claimOf(listing, member));
  const sending = useChange(
    () => {
      const { tier, typologies, grading, grounds, until } = claimBody(draft, (day) => endOfDay(day, timeZone));
      const body: Revision = {
        revision: listing.revision,
        tier,
        typologies,
        grading,
        grounds,
        ...(until !== undefined && { until }),
      };
      return call<Outcome>('PATCH', pathOf(listing), { body });
    },
    t('act.revise.done'),
    () => (clear(), close()),
  );
  return (
    <ActForm
      change={sending}
      close={close}
      what={t('act.revise.what')}
      submit={t('act.revise')}
      isReady={draft.grounds.trim() !== '' && draft.typologies.length > 0}
    >
      <TierField tier={draft.tier} change={(tier) => change({ tier })} />
      <MultiSelect
        label={t('claim.typologies')}
        value={[...draft.typologies]}
        onChange={(chosen) => change({ typologies: chosen })}
        data={typologies.map((one) => ({ value: one, label: said('typologies', one) }))}
        maxValues={8}
        searchable
        size="sm"
      />
      <GradingFields claim={draft} change={change} />
      <UntilField until={draft.until} change={(until) => change({ until })} />
      <Grounds grounds={draft.grounds} change={(grounds) => change({ grounds })} />
    </ActForm>
  );
}

export function RenewForm({ listing, close }: FormProps): ReactElement {
  const { t } = useWords('registry');
  const { timeZone } = usePreferences().preferences;
  const { draft, change, clear } = useDraft(`renew:${listing.id}`, { grounds: listing.grounds, until: '' });
  const sending = useChange(
    () => {
      const body: Revision = {
        revision: listing.revision,
        grounds: draft.grounds.trim(),
        ...(draft.until !== '' && { until: endOfDay(draft.until, timeZone) }),
      };
      return call<Outcome>('PATCH', pathOf(listing), { body });
    },
    t('act.renew.done'),
    () => (clear(), close()),
  );
  return (
    <ActForm
      change={sending}
      close={close}
      what={t('act.renew.what')}
      submit={t('act.renew')}
      isReady={draft.grounds.trim() !== ''}
    >
      <UntilField until={draft.until} change={(until) => change({ until })} />
      <Grounds grounds={draft.grounds} change={(grounds) => change({ grounds })} />
    </ActForm>
  );
}

export function AudienceForm({ listing, close }: FormProps): ReactElement {
  const { t } = useWords('registry');
  const bookText = useBookText();
  const { member } = useOfficer();
  const { draft, change, clear } = useDraft(`audience:${listing.id}`, {
    ...reachOf(listing.book, member),
    grounds: '',
  });
  const sending = useChange(
    () => {
      const body: AudienceChange = { audience: audienceInput(draft), grounds: draft.grounds.trim() };
      return post<Outcome>(`${pathOf(listing)}/audience`, body);
    },
    t('act.audience.done'),
    () => (clear(), close()),
  );
  return (
    <ActForm
      change={sending}
      close={close}
      what={t('act.audience.what', { audience: bookText(listing.book) })}
      submit={t('act.audience')}
      isReady={draft.grounds.trim() !== '' && (draft.reach !== 'some' || draft.members.length > 0)}
    >
      <AudienceFields claim={draft} change={change} />
      <Grounds grounds={draft.grounds} change={(grounds) => change({ grounds })} />
    </ActForm>
  );
}

/** What an officer may say themselves; the other reasons follow from acts of their own. */
const sayable = withdrawalReasons.filter((one) => one !== 'released' && one !== 'narrowed');

export function WithdrawForm({ listing, close }: FormProps): ReactElement {
  const { t } = useWords('registry');
  const bookText = useBookText();
  const { draft, change, clear } = useDraft(`withdraw:${listing.id}`, { reason: 'mistaken', grounds: '' });
  const sending = useChange(
    async () => {
      const reason = sayable.find((one) => one === draft.reason) ?? 'mistaken';
      const body: Withdrawal = { reason, grounds: draft.grounds.trim() };
      return { listing: await post<Listing>(`${pathOf(listing)}/withdrawal`, body) };
    },
    t('act.withdraw.done'),
    () => (clear(), close()),
  );
  return (
    <ActForm
      change={sending}
      close={close}
      what={t('act.withdraw.what', { audience: bookText(listing.book) })}
      submit={t('act.withdraw')}
      isReady={draft.grounds.trim() !== ''}
      color="cinnabar"
    >
      <NativeSelect
        label={t('act.withdraw.reason')}
        value={draft.reason}
        onChange={(event) => change({ reason: event.currentTarget.value })}
        data={sayable.map((one) => ({ value: one, label: t(`terms:withdrawalReason.${one}`) }))}
        data-autofocus
      />
      <Grounds grounds={draft.grounds} change={(grounds) => change({ grounds })} />
    </ActForm>
  );
}

export function CorroborateForm({ listing, close }: FormProps): ReactElement {
  const { t } = useWords('registry');
  const nameOf = useMemberName();
  const { timeZone } = usePreferences().preferences;
  const { member } = useOfficer();
  const { draft, change, clear } = useDraft(`corroborate:${listing.member}:${listing.id}`, claimOf(listing, member));
  const sending = useChange(
    () => {
      const { tier, grading, grounds, audience, until } = claimBody(draft, (day) => endOfDay(day, timeZone));
      const body: Corroboration = { tier, grading, grounds, audience, ...(until !== undefined && { until }) };
      return post<Outcome>(`${pathOf(listing)}/corroboration?member=${listing.member}`, body);
    },
    t('act.corroborate.done'),
    () => (clear(), close()),
  );
  return (
    <ActForm
      change={sending}
      close={close}
      what={t('act.corroborate.what', { member: nameOf(listing.member) })}
      submit={t('act.corroborate')}
      isReady={draft.grounds.trim() !== '' && (draft.reach !== 'some' || draft.members.length > 0)}
    >
      <TierField tier={draft.tier} change={(tier) => change({ tier })} />
      <GradingFields claim={draft} change={change} />
      <AudienceFields claim={draft} change={change} />
      <UntilField until={draft.until} change={(until) => change({ until })} />
      <Grounds grounds={draft.grounds} change={(grounds) => change({ grounds })} />
    </ActForm>
  );
}
