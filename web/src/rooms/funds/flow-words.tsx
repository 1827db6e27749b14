import type { ReactElement } from 'react';
import type { Tone } from '../../ui/mark.tsx';
import { splitKey } from '../../ui/identifier.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import type { FlowNode, FlowState, PlaceHold } from './flow-graph.ts';

export const stateTones: Readonly<Record<FlowState, Tone>> = {
  origin: 'bronze',
  held: 'patina',
  ordered: 'ochre',
  possible: 'ochre',
  passed: 'stone',
  abroad: 'indigo',
  cash: 'cinnabar',
  crypto: 'cinnabar',
  gone: 'cinnabar',
};

/** In 12 by 12: a lock, a clock, … so that no state is told by colour alone. */
const signs: Readonly<Record<FlowState, string>> = {
  origin: 'M6 1.5a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6M1.8 11c.3-2.6 2-3.8 4.2-3.8s3.9 1.2 4.2 3.8z',
  held: 'M2.2 5.4h7.6v5.4H2.2zM3.8 5.4V3.8a2.2 2.2 0 0 1 4.4 0v1.6',
  ordered: 'M6 1.3a4.7 4.7 0 1 1 0 9.4a4.7 4.7 0 0 1 0-9.4M6 3.4V6l2 1.5',
  possible: 'M6 1.2L10.8 6L6 10.8L1.2 6z',
  passed: 'M1.2 6h8.6M6.6 2.8L9.8 6L6.6 9.2',
  abroad: 'M6 1.3a4.7 4.7 0 1 1 0 9.4a4.7 4.7 0 0 1 0-9.4M1.3 6h9.4M6 1.3c2.6 2.8 2.6 6.6 0 9.4c-2.6-2.8-2.6-6.6 0-9.4',
  cash: 'M1 3h10v6H1zM6 4.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 0 1 0-2.8',
  crypto: 'M6 1l4.3 2.5v5L6 11L1.7 8.5v-5zM4.4 4.4h2.4a1 1 0 0 1 0 1.7H4.4zM4.4 6.1h2.7a1 1 0 0 1 0 1.8H4.4z',
  gone: 'M2.4 2.4l7.2 7.2M9.6 2.4L2.4 9.6',
};

export function StateSign({ state }: { state: FlowState }): ReactElement {
  return (
    <svg className={`flow-sign tone-${stateTones[state]}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden>
      <path d={signs[state]} />
    </svg>
  );
}

/** Which bank, and the end of the number: enough to tell two apart without showing a number to the whole room. */
function maskedOf(key: string): string {
  const { type, value } = splitKey(key);
  const parts = value.split(':');
  const number = parts.at(-1)!;
  const said = (type === 'account' ? parts[1] : parts.length > 1 ? parts[0] : type) ?? '';
  // The first letters of a bank’s worldwide code name the bank, and the first digits of a Chinese one.
  const bank = /^[A-Z]{6}[A-Z0-9]{2,5}$/.test(said)
    ? said.slice(0, 4)
    : /^\d{7,}$/.test(said)
      ? said.slice(0, 3)
      : said;
  return `${bank} ••${number.slice(-4)}`;
}

/** A place in few words: its bank and the end of its number, or what it is where it has none. */
export function useCaption(): (node: Pick<FlowNode, 'key' | 'end'>) => string {
  const { t } = useWords('funds');
  return ({ key, end }) => {
    if (key !== null) return maskedOf(key);
    if (end === 'cash') return t('flow.cash');
    return end === 'origin' ? t('flow.origin') : t('flow.unnamed');
  };
}

/** What is said of a hold in its own word; of others, what is there counts. */
const told: ReadonlySet<PlaceHold['state']> = new Set([
  'held',
  'partly',
  'gone',
  'refused',
  'released',
  'seized',
  'confiscated',
  'returned',
]);

/** How it stands there: what a hold came to or, without one, what is known. */
export function useStateText(): (node: Pick<FlowNode, 'state' | 'hold' | 'end'>) => string {
  const { t } = useWords('funds');
  const said = useSaid();
  return ({ state, hold, end }) => {
    if (hold !== undefined && told.has(hold.state) && state !== 'ordered') return said('holdStates', hold.state);
    return state === 'gone' && end !== 'open' ? t(`terms:loss.${end}`) : t(`flow.state.${state}`);
  };
}
