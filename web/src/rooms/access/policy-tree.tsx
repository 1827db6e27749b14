import type { ReactElement, ReactNode } from 'react';
import { useFormat } from '../../ui/format.ts';
import { captionOf } from '../../ui/identifier.tsx';
import { useMemberName } from '../../ui/member.ts';
import { Facts } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useSaid, useWords, type Say } from '../../ui/words.ts';
import { meaningOfKeys, meaningOfValue, type Difference, type Meaning, type Rules } from './policy-rules.ts';

type Path = readonly string[];

interface PolicyWords {
  /** What a name under a path is called; `value` tells apart what shares a name. */
  name(path: Path, name: string, value: unknown): string;
  value(path: Path, value: unknown): ReactNode;
}

/** Names and values of a policy in words. */
export function usePolicyWords(): PolicyWords {
  const { t } = useWords('access');
  const said = useSaid();
  const nameOf = useMemberName();
  const format = useFormat();
  const code = (meaning: Meaning, text: string): string => {
    if (meaning === 'tier') return said('tiers', text);
    if (meaning === 'order-kind') return said('orderKinds', text);
    if (meaning === 'request-kind') return said('requestKinds', text);
    if (meaning === 'priority') return t(`terms:priority.${text}`);
    if (meaning === 'currency') return said('currencies', text);
    if (meaning === 'member') return text === 'alliance' ? t('terms:audience.alliance') : nameOf(text);
    if (meaning === 'key') return captionOf(text);
    return sayCode(t, meaning, text);
  };
  return {
    name(path, name, value) {
      const meaning = meaningOfKeys(path);
      if (meaning !== 'field') return code(meaning, name);
      return t(
        typeof value === 'boolean' && ['members', 'institutions'].includes(name) ? `rule.told.${name}` : `rule.${name}`,
      );
    },
    value(path, value) {
      const meaning = meaningOfValue(path);
      if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
      if (typeof value === 'number') {
        if (meaning === 'hours') return timeText(t, value * 60);
        if (meaning === 'minutes') return timeText(t, value);
        if (meaning === 'share') return format.percent(value);
        return meaning === 'weekday' ? t(`weekday.${value}`) : format.number(value);
      }
      if (typeof value !== 'string') return '–';
      const currency = path.at(-1) ?? '';
      if (/^[A-Z]{3}$/.test(currency)) return format.money({ value, currency });
      return meaning === 'minutes' ? t(`choice.${value}`) : code(meaning, value);
    },
  };
}

const prefixes: Partial<Readonly<Record<Meaning, (t: Say, text: string) => string>>> = {
  'identifier-type': (t, text) => t(`terms:identifierType.${text}`),
  advice: (t, text) => t(`terms:advice.${text}`),
  'alert-kind': (t, text) => t(`terms:alertKind.${text}`),
  role: (t, text) => t(`terms:role.${text}`),
  'office-kind': (t, text) => t(`terms:officeKind.${text}`),
  detector: (t, text) => t(`terms:detector.${text}`),
  'detector-mode': (t, text) => t(`terms:detectorMode.${text}`),
  limit: (t, text) => t(`terms:limit.${text}`),
  method: (t, text) => t(`terms:traceMethod.${text}`),
  'return-method': (t, text) => t(`terms:returnMethod.${text}`),
  stage: (t, text) => t(`terms:holdStage.${text}`),
  asks: (t, text) => t(`terms:holdAsks.${text}`),
  choice: (t, text) => t(`choice.${text}`),
  act: actText,
};

const sayCode = (t: Say, meaning: Meaning, text: string): string => prefixes[meaning]?.(t, text) ?? text;

/** `registry.list:court`: an act, perhaps of one variant only. */
function actText(t: Say, text: string): string {
  const [act = '', variant] = text.split(':');
  if (variant === undefined) return t(`terms:act.${act}`);
  return t('policy.act', { act: t(`terms:act.${act}`), variant: variant.replaceAll('-', ' ') });
}

function timeText(t: Say, minutes: number): string {
  if (minutes % 1440 === 0 && minutes >= 2880) return t('time.days', { count: minutes / 1440 });
  return minutes % 60 === 0 ? t('time.hours', { count: minutes / 60 }) : t('time.minutes', { count: minutes });
}

interface TreeProps {
  readonly path: Path;
  readonly of: unknown;
  /** What is not in force today, by its path. */
  readonly changed: ReadonlyMap<string, Difference>;
}

/** What stands at one place of the policy, and below it. */
export function PolicyTree({ path, of, changed }: TreeProps): ReactElement {
  const words = usePolicyWords();
  const { t } = useWords('access');
  if (Array.isArray(of)) {
    if (of.length === 0) return <span className="soft">{t('policy.nobody')}</span>;
    return (
      <ul className={of.some(isDeep) ? 'access-list' : 'access-inline'}>
        {of.map((one: unknown) => (
          <li key={JSON.stringify(one)}>
            <PolicyTree path={path} of={one} changed={changed} />
          </li>
        ))}
      </ul>
    );
  }
  if (typeof of !== 'object' || of === null) return <span>{words.value(path, of)}</span>;
  const entries = Object.entries(of as Rules);
  if (entries.length === 0) return <span className="soft">{t('policy.default')}</span>;
  const [flat, deep] = [entries.filter(([, value]) => !isDeep(value)), entries.filter(([, value]) => isDeep(value))];
  return (
    <>
      <Facts
        facts={flat.map(([name, value]) => [
          words.name(path, name, value),
          <Value key={name} path={[...path, name]} of={value} changed={changed} />,
        ])}
      />
      {deep.map(([name, value]) => (
        <details key={name} open={isFew(value)}>
          <summary>{words.name(path, name, value)}</summary>
          <PolicyTree path={[...path, name]} of={value} changed={changed} />
        </details>
      ))}
    </>
  );
}

function Value({ path, of, changed }: TreeProps): ReactElement {
  const { t } = useWords('access');
  const difference = changed.get(path.join('/'));
  return (
    <>
      {difference?.before === undefined ? null : (
        <s className="access-was">
          <PolicyTree path={path} of={difference.before} changed={new Map()} />
        </s>
      )}
      <PolicyTree path={path} of={of} changed={changed} />{' '}
      {difference === undefined ? null : <Tag tone="ochre">{t('policy.changed')}</Tag>}
    </>
  );
}

const isDeep = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Array.isArray(value) ? value.length > 6 || value.some(isDeep) : true);

const isFew = (value: unknown): boolean =>
  !Array.isArray(value) &&
  Object.values(value as Rules).every((one) => !isDeep(one)) &&
  Object.keys(value as Rules).length < 9;
