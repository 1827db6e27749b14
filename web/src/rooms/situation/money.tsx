import type { ReactElement } from 'react';
import { useFormat } from '../../ui/format.ts';
import type { Tone } from '../../ui/mark.tsx';
import { Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { useCounters } from './readings.ts';

const counters = ['prevented', 'held', 'seized', 'confiscated', 'returned'] as const;
const tones: Readonly<Record<(typeof counters)[number], Tone>> = {
  prevented: 'bronze',
  held: 'patina',
  seized: 'indigo',
  confiscated: 'indigo',
  returned: 'patina',
};

/** The five counters of the last 30 days, by currency: never added up across. */
export function Money(): ReactElement {
  const { t } = useWords('situation');
  const format = useFormat();
  const query = useCounters();
  const medianMs = query.data?.clock.medianMs;
  return (
    <Panel
      className="situation-money"
      title={t('money.title')}
      acts={
        medianMs === undefined ? null : (
          <span className="soft">
            {t('money.clock', { duration: format.duration(medianMs), count: query.data?.clock.withHold ?? 0 })}
          </span>
        )
      }
    >
      <Shown query={query}>
        {({ currencies }) => (
          <dl>
            {counters.map((counter) => {
              const sums = currencies.filter((one) => one[counter] !== '0');
              return (
                <div key={counter} className={`tone-${tones[counter]} ${sums.length === 0 ? 'none' : ''}`}>
                  <dt title={t(`terms:counter.${counter}.what`)}>{t(`terms:counter.${counter}`)}</dt>
                  {sums.length === 0 ? (
                    <dd className="faint">{t('money.none')}</dd>
                  ) : (
                    sums.map((one) => (
                      <dd key={one.currency} title={format.money({ value: one[counter], currency: one.currency })}>
                        {format.shortMoney({ value: one[counter], currency: one.currency })}
                      </dd>
                    ))
                  )}
                </div>
              );
            })}
          </dl>
        )}
      </Shown>
    </Panel>
  );
}
