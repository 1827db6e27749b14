import { Button, Checkbox, Group, MultiSelect, NativeSelect, Radio, Textarea, TextInput } from '@mantine/core';
import { handlingConditions, tlpLabels } from '@bronze-drum/protocol/handling';
import { foundingMembers } from '@bronze-drum/protocol/members';
import {
  informationGrades,
  offences,
  sightings,
  sourceGrades,
  tiers,
  typologies,
} from '@bronze-drum/protocol/statements/listing';
import { useState, type ReactElement } from 'react';
import { useMay, useOfficer } from '../../link/session.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { useMemberName } from '../../ui/member.ts';
import { useSaid, useWords } from '../../ui/words.ts';
import { dayAt, reaches, type ClaimDraft } from './claim.ts';

interface FieldsProps {
  readonly claim: ClaimDraft;
  readonly change: (part: Partial<ClaimDraft>) => void;
}

/** What is claimed, and how sure it is. */
export function ClaimFields({ claim, change }: FieldsProps): ReactElement {
  const { t } = useWords('registry');
  const said = useSaid();
  return (
    <div className="registry-fields">
      <NativeSelect
        label={t('claim.tier')}
        description={t('claim.tier.hint')}
        value={claim.tier}
        onChange={(event) => change({ tier: event.currentTarget.value })}
        data={[
          { value: '', label: t('claim.choose') },
          ...tiers.map((one) => ({ value: one, label: said('tiers', one) })),
        ]}
        required
      />
      <MultiSelect
        label={t('claim.typologies')}
        description={t('claim.typologies.hint')}
        value={[...claim.typologies]}
        onChange={(chosen) => change({ typologies: chosen })}
        data={typologies.map((one) => ({ value: one, label: said('typologies', one) }))}
        maxValues={8}
        searchable
        clearable
        size="sm"
        required
        nothingFoundMessage={t('claim.nothing-found')}
      />
      <NativeSelect
        label={t('claim.offence')}
        value={claim.offence}
        onChange={(event) => change({ offence: event.currentTarget.value })}
        data={offences.map((one) => ({ value: one, label: said('offences', one) }))}
      />
      <GradingFields claim={claim} change={change} />
      <Textarea
        className="registry-wide"
        label={t('claim.grounds')}
        description={t('claim.grounds.hint')}
        value={claim.grounds}
        onChange={(event) => change({ grounds: event.currentTarget.value })}
        maxLength={2000}
        required
      />
    </div>
  );
}

export function GradingFields({
  claim,
  change,
}: {
  claim: Pick<ClaimDraft, 'sourceGrade' | 'informationGrade'>;
  change: (part: Partial<ClaimDraft>) => void;
}): ReactElement {
  const { t } = useWords('registry');
  return (
    <div className="registry-pair">
      <NativeSelect
        label={t('claim.source-grade')}
        value={claim.sourceGrade}
        onChange={(event) => change({ sourceGrade: event.currentTarget.value })}
        data={sourceGrades.map((one) => ({ value: one, label: t(`terms:sourceGrade.${one}`) }))}
      />
      <NativeSelect
        label={t('claim.information-grade')}
        value={claim.informationGrade}
        onChange={(event) => change({ informationGrade: event.currentTarget.value })}
        data={informationGrades.map((one) => ({ value: String(one), label: t(`terms:informationGrade.${one}`) }))}
      />
    </div>
  );
}

/** Whether the number really called: asked where phones are among what is listed. */
export function SightingField({ claim, change }: FieldsProps): ReactElement {
  const { t } = useWords('registry');
  return (
    <Radio.Group
      label={t('claim.sighting')}
      description={t('claim.sighting.hint')}
      value={claim.sighting}
      onChange={(sighting) => change({ sighting })}
      size="sm"
    >
      <Group gap="lg" mt={4}>
        {sightings.map((one) => (
          <Radio key={one} value={one} label={t(`terms:sighting.${one}`)} />
        ))}
      </Group>
    </Radio.Group>
  );
}

/** Who may read it. */
export function AudienceFields({
  claim,
  change,
}: {
  claim: Pick<ClaimDraft, 'reach' | 'members'>;
  change: (part: Partial<ClaimDraft>) => void;
}): ReactElement {
  const { t } = useWords('registry');
  const nameOf = useMemberName();
  const { member } = useOfficer();
  const others = foundingMembers.filter((one) => one !== member);
  return (
    <Radio.Group
      label={t('claim.audience')}
      value={claim.reach}
      onChange={(reach) => change({ reach: reaches.find((one) => one === reach) ?? 'domestic' })}
      size="sm"
    >
      <div className="registry-choices">
        {reaches.map((one) => (
          <Radio key={one} value={one} label={t(`claim.reach.${one}`)} description={t(`claim.reach.${one}.hint`)} />
        ))}
      </div>
      {claim.reach === 'some' ? (
        <Checkbox.Group
          label={t('claim.members')}
          value={[...claim.members]}
          onChange={(members) => change({ members })}
          size="sm"
        >
          <div className="registry-members">
            {others.map((one) => (
              <Checkbox key={one} value={one} label={nameOf(one)} />
            ))}
          </div>
        </Checkbox.Group>
      ) : null}
    </Radio.Group>
  );
}

/** What its readers must keep to, and how long it stands. */
export function HandlingFields({ claim, change }: FieldsProps): ReactElement {
  const { t } = useWords('registry');
  const may = useMay();
  return (
    <div className="registry-fields">
      <NativeSelect
        label={t('claim.tlp')}
        description={t(`terms:tlp.${claim.tlp}.what`)}
        value={claim.tlp}
        onChange={(event) => change({ tlp: event.currentTarget.value })}
        data={tlpLabels.map((one) => ({ value: one, label: t(`terms:tlp.${one}`) }))}
      />
      <UntilField until={claim.until} change={(until) => change({ until })} />
      <Checkbox.Group
        label={t('claim.conditions')}
        value={[...claim.conditions]}
        onChange={(conditions) => change({ conditions })}
        size="sm"
      >
        <div className="registry-choices">
          {handlingConditions.map((one) => (
            <Checkbox key={one} value={one} label={t(`terms:condition.${one}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <div className="registry-choices">
        {claim.conditions.includes('H3') ? (
          <TextInput
            label={t('claim.restriction')}
            value={claim.restriction}
            onChange={(event) => change({ restriction: event.currentTarget.value })}
            maxLength={500}
            required
          />
        ) : null}
        {may('registry.discreet') ? (
          <Checkbox
            label={t('claim.discreet')}
            description={t('claim.discreet.hint')}
            checked={claim.discreet}
            onChange={(event) => change({ discreet: event.currentTarget.checked })}
          />
        ) : null}
      </div>
    </div>
  );
}

const quickDays = [7, 30, 90, 365] as const;

/** The day at whose end it ends by itself. */
export function UntilField({ until, change }: { until: string; change: (until: string) => void }): ReactElement {
  const { t } = useWords('registry');
  const { timeZone } = usePreferences().preferences;
  const [nowMs] = useState(() => Date.now());
  const inDays = (days: number): string => dayAt(nowMs + days * 86_400_000, timeZone);
  return (
    <div>
      <TextInput
        type="date"
        label={t('claim.until')}
        description={t('claim.until.hint')}
        value={until}
        min={inDays(0)}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <Group gap={4} mt={4}>
        {quickDays.map((days) => (
          <Button key={days} variant="subtle" size="compact-xs" onClick={() => change(inDays(days))}>
            {t('claim.until.days', { count: days })}
          </Button>
        ))}
        {until === '' ? null : (
          <Button variant="subtle" size="compact-xs" onClick={() => change('')}>
            {t('claim.until.none')}
          </Button>
        )}
      </Group>
    </div>
  );
}
