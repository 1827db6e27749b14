import type { ReactElement } from 'react';
import { splitKey } from './identifier.tsx';
import { useWords } from './words.ts';

const rules = [
  'trace',
  'standing-hold',
  'second-person',
  'hold-expired',
  'order-ended',
  'appeal-lapsed',
  'appeal-released',
  'notice',
  'order-reminder',
  'order-late',
  'order-expired',
  'order-unconfirmed',
  'order-fulfilled',
  'it-ended',
  'tell-home',
  'clock',
  'its-time-has-come',
];

/** Who did something: an officer or institution by short name, a rule of the server by what it does. */
export function Actor({ id }: { id: string }): ReactElement {
  const { t } = useWords('ui');
  const { type, value } = splitKey(id);
  if (type !== 'rule') return <span>{value}</span>;
  return (
    <span className="soft">{t('actor.rule', { rule: rules.includes(value) ? t(`actor.rule.${value}`) : value })}</span>
  );
}
