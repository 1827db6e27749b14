import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState, type ReactElement, type SubmitEvent } from 'react';
import type { DetectorState, Replay, ReplayWish } from '../../../../server/src/detection/contract.ts';
import { post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useAct } from '../../ui/act.tsx';
import { readAmount } from '../../ui/amounts.ts';
import { AmountEntry } from '../../ui/entries.tsx';
import { Panel } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';
import { amountOf, limitOf, typedOf, unitOf, type LegalLimit } from './limits.ts';
import { replaysPath } from './replays.tsx';

const spans = [6, 24, 72, 168, 744] as const;
type Typed = Record<string, string | boolean | readonly string[]>;

/** Other limits, tried on what was reported of late: nothing is changed by it, and nobody is alerted. */
export function LimitsForm({
  state,
  onStarted,
}: {
  state: DetectorState;
  onStarted: (id: string) => void;
}): ReactElement {
  const { t } = useWords('detection');
  const { name, mode, limits } = state;
  const { draft, change, clear } = useDraft<{ typed: Typed; mode: string; hours: string }>(`limits:${name}`, {
    typed: {},
    mode: mode === 'off' ? 'on' : mode,
    hours: '24',
  });
  const [isWrong, setWrong] = useState(false);
  const typed: Typed = { ...typedLimits(limits), ...draft.typed };
  const set = (limit: string, value: Typed[string]): void => change({ typed: { ...draft.typed, [limit]: value } });
  const starting = useAct<ReplayWish, Replay>({
    act: (wish) => post<Replay>(replaysPath, wish, { purpose: 'investigation' }),
    touches: [replaysPath],
    quiet: true,
    after: ({ id }) => onStarted(id),
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const wished = wishedLimits(limits, typed);
    setWrong(wished === undefined);
    if (wished === undefined || starting.isPending) return;
    const setting = { mode: draft.mode, limits: wished };
    starting.mutate({ rules: { detectors: { [name]: setting } }, hours: Number(draft.hours) } as ReplayWish);
  };
  return (
    <Panel title={t('try.title')}>
      <p className="soft">{t('try.what')}</p>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <div className="detection-limits">
            {Object.entries(limits).map(([limit, value]) => (
              <LimitField
                key={limit}
                name={limit}
                inForce={value}
                value={typed[limit]!}
                isWrong={isWrong}
                onChange={(next) => set(limit, next)}
              />
            ))}
            <NativeSelect
              label={t('try.mode')}
              value={draft.mode}
              onChange={(event) => change({ mode: event.currentTarget.value })}
              data={['on', 'shadow', 'off'].map((value) => ({ value, label: t(`terms:detectorMode.${value}`) }))}
            />
            <NativeSelect
              label={t('try.hours')}
              value={draft.hours}
              onChange={(event) => change({ hours: event.currentTarget.value })}
              data={spans.map((hours) => ({ value: String(hours), label: t(`try.hours.${hours}`) }))}
            />
          </div>
          {starting.error === null ? null : <RefusalNotice error={starting.error} />}
          <Group>
            <Button type="submit" loading={starting.isPending}>
              {t('try.start')}
            </Button>
            <Button variant="default" onClick={clear}>
              {t('try.reset')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

interface LimitFieldProps {
  readonly name: string;
  readonly inForce: unknown;
  readonly value: Typed[string];
  readonly isWrong: boolean;
  readonly onChange: (value: Typed[string]) => void;
}

function LimitField({ name, inForce, value, isWrong, onChange }: LimitFieldProps): ReactElement {
  const { t } = useWords('detection');
  const label = t(`terms:limit.${name}`, { defaultValue: name });
  if (typeof value === 'boolean')
    return <Checkbox label={label} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />;
  if (typeof value !== 'string')
    return (
      <fieldset className="detection-legal">
        <legend>{label}</legend>
        {(inForce as readonly LegalLimit[]).map(({ currency }, at) => (
          <AmountEntry
            // They have no names of their own, and neither come nor go.
            // oxlint-disable-next-line react/no-array-index-key -- see above
            key={at}
            label={t('try.legal', { count: at + 1 })}
            currency={currency}
            value={value[at]!}
            change={(next) => onChange(value.map((one, place) => (place === at ? next : one)))}
          />
        ))}
      </fieldset>
    );
  const unit = unitOf(name);
  const isChanged = value.trim() !== typedOf(name, inForce as number);
  return (
    <TextInput
      label={label}
      {...(isChanged && { description: t('try.in-force', { value: typedOf(name, inForce as number) }) })}
      inputMode="decimal"
      autoComplete="off"
      value={value}
      error={isWrong && limitOf(name, value) === undefined ? t('try.wrong') : undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSectionWidth={60}
      rightSection={unit === 'count' ? undefined : <span className="faint">{t(`unit.${unit}`)}</span>}
    />
  );
}

function typedLimits(limits: DetectorState['limits']): Typed {
  return Object.fromEntries(
    Object.entries(limits).map(([name, value]) => {
      if (typeof value === 'number') return [name, typedOf(name, value)];
      return [name, Array.isArray(value) ? (value as LegalLimit[]).map(amountOf) : value === true];
    }),
  );
}

/** All of them: of those that a wish does not name the server takes its own defaults, not those in force. Undefined if one cannot be read. */
function wishedLimits(limits: DetectorState['limits'], typed: Typed): Record<string, unknown> | undefined {
  const wished: Record<string, unknown> = {};
  for (const [name, inForce] of Object.entries(limits)) {
    const value = typed[name]!;
    if (typeof value === 'string') {
      const limit = limitOf(name, value);
      if (limit === undefined) return undefined;
      wished[name] = limit;
    } else if (typeof value === 'boolean') {
      wished[name] = value;
    } else {
      const legal = (inForce as readonly LegalLimit[]).map(({ currency }, at) => ({
        currency,
        minor: Number(readAmount(value[at]!, currency)),
      }));
      if (legal.some(({ minor }) => !Number.isSafeInteger(minor))) return undefined;
      wished[name] = legal;
    }
  }
  return wished;
}
