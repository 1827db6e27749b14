import type { ReactElement } from 'react';
import type { Hold } from '../../../../server/src/funds/hold-contract.ts';
import { useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import '../../ui/fact-tree.css';
import './hold.css';

export const holdStates: readonly Hold['state'][] = [
  'proposed',
  'ordered',
  'held',
  'partly',
  'gone',
  'refused',
  'released',
  'expired',
  'seized',
  'confiscated',
  'returned',
];

const holdTones: Readonly<Record<Hold['state'], Tone>> = {
  proposed: 'ochre',
  ordered: 'ochre',
  held: 'patina',
  partly: 'patina',
  gone: 'cinnabar',
  refused: 'cinnabar',
  released: 'stone',
  expired: 'stone',
  seized: 'bronze',
  confiscated: 'bronze',
  returned: 'patina',
};

export function HoldStateTag({ state }: { state: Hold['state'] }): ReactElement {
  const said = useSaid();
  return (
    <Tag tone={holdTones[state]} outlined={state === 'proposed' || state === 'partly'}>
      {said('holdStates', state)}
    </Tag>
  );
}

/** Whether an order binds the institution now, as far as this page knows. */
export const isBound = ({ state, until, endedAt }: Hold): boolean =>
  endedAt === undefined && until !== undefined && ['ordered', 'held', 'partly', 'gone', 'refused'].includes(state);

export const isProposed = ({ state, endedAt }: Hold): boolean => state === 'proposed' && endedAt === undefined;

export const isUnderCourt = ({ state }: Hold): boolean => state === 'seized' || state === 'confiscated';

/** Of what was stolen and reached the account: what is held, gone, asked for and not yet answered, and not asked for. */
export function HoldBar({ hold }: { hold: Hold }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const { currency } = hold.taint;
  const taint = BigInt(hold.taint.value);
  const returned = BigInt(hold.returned.value);
  const held = BigInt(hold.held.value) - returned;
  const gone = BigInt(hold.gone.value);
  const ordered = BigInt(hold.ordered?.value ?? '0');
  const isOver = hold.endedAt !== undefined && hold.state !== 'returned';
  const waiting = hold.state === 'ordered' ? positive(ordered - held - gone) : 0n;
  const rest = positive(taint - held - gone - waiting - returned);
  const parts = [
    { name: 'returned', tone: 'indigo', value: returned },
    {
      name: isOver ? 'was-held' : isUnderCourt(hold) ? 'court' : 'held',
      tone: isOver ? 'stone' : isUnderCourt(hold) ? 'bronze' : 'patina',
      value: positive(held),
    },
    { name: 'waiting', tone: 'ochre', value: waiting },
    { name: 'gone', tone: 'cinnabar', value: gone },
    { name: 'rest', tone: 'stone', value: rest },
  ].filter(({ value }) => value > 0n);
  return (
    <div className="hold-bar">
      <div className="hold-bar-line" aria-hidden>
        {parts.map(({ name, tone, value }) => (
          <span
            key={name}
            className={`tone-${tone} hold-bar-${name}`}
            style={{ flexGrow: Number((value * 1000n) / (taint === 0n ? 1n : taint)) }}
          />
        ))}
      </div>
      <ul>
        {parts.map(({ name, tone, value }) => (
          <li key={name}>
            <span className={`dot tone-${tone}`} /> {t(`hold.part.${name}`)}{' '}
            <strong>{format.money({ value: String(value), currency })}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}

const positive = (value: bigint): bigint => (value > 0n ? value : 0n);
