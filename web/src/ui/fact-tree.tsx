import type { ReactElement, ReactNode } from 'react';
import { Instant } from './clock.tsx';
import { useFormat, type Money } from './format.ts';
import { Identifier } from './identifier.tsx';
import { Facts } from './page.tsx';
import { useWords } from './words.ts';
import './fact-tree.css';

const keyPattern = /^(account|phone|ip|domain|url|email|wallet|device|sim|handle|company|person):\S+$/;
const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const isMoney = (value: object): value is Money =>
  'value' in value && 'currency' in value && Object.keys(value).length === 2 && typeof value.currency === 'string';
const isText = (value: object): value is { language: string; text: string } =>
  'language' in value && 'text' in value && Object.keys(value).length === 2;

const asItIs = (name: string): string => name;

/** Whatever was sent, readable: names and values, money as money, instants on this officer's clock. Nothing is left out. */
export function FactTree({
  of,
  label = asItIs,
}: {
  of: unknown;
  label?: (name: string) => string;
}): ReactElement | null {
  const { t } = useWords('ui');
  const format = useFormat();
  const shown = (value: unknown): ReactNode => {
    if (value === null || value === undefined) return '–';
    if (typeof value === 'boolean') return t(value ? 'param.yes' : 'param.no');
    if (typeof value === 'number') return format.number(value);
    if (typeof value === 'string')
      return instantPattern.test(value) ? (
        <Instant at={value} />
      ) : keyPattern.test(value) ? (
        <Identifier of={value} />
      ) : (
        value
      );
    if (typeof value !== 'object') return null;
    if (Array.isArray(value))
      return (
        <ul className="plain-list">
          {Object.entries<unknown>(value).map(([place, one]) => (
            <li key={place}>{shown(one)}</li>
          ))}
        </ul>
      );
    if (isMoney(value)) return format.money(value);
    if (isText(value)) return <span lang={value.language}>{value.text}</span>;
    return <Facts facts={Object.entries(value).map(([name, one]) => [label(name), shown(one)] as const)} />;
  };
  return <>{shown(of)}</>;
}
