import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { HoldRules } from '../../../../server/src/funds/hold-contract.ts';
import { get } from '../../link/call.ts';
import { useFormat } from '../../ui/format.ts';
import { useWords } from '../../ui/words.ts';

const hourMs = 3_600_000;

/** What the policy says of holds; undefined until it is read. */
export function useHoldRules(): HoldRules | undefined {
  const path = '/v1/holds/rules';
  const { data } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<HoldRules>(path, { signal }),
    staleTime: 5 * 60_000,
  });
  return data;
}

/** Said before an act: another officer must approve it. Nothing where the policy asks for nobody else. */
export function SecondPerson({ act }: { act: HoldRules['secondPerson'][number] }): ReactElement | null {
  const { t } = useWords('funds');
  const rules = useHoldRules();
  return rules?.secondPerson.includes(act) === true ? <span>{t('hold.second')}</span> : null;
}

/** How long a hold may last, stage by stage, and on whose word each begins. */
export function HoldStages({ now }: { now?: string | undefined }): ReactElement | null {
  const { t } = useWords('funds');
  const format = useFormat();
  const rules = useHoldRules();
  if (rules === undefined) return null;
  return (
    <div className="list hold-stages">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('hold.stage')}</th>
            <th scope="col">{t('hold.stages.time')}</th>
            <th scope="col">{t('hold.extend.word')}</th>
          </tr>
        </thead>
        <tbody>
          {rules.stages.map(({ name, hours, times, asks, basis }) => (
            <tr key={name} aria-current={name === now ? 'step' : undefined} title={basis}>
              <td>{t(`terms:holdStage.${name}`)}</td>
              <td>
                {format.duration(hours * hourMs)}
                {times === 1 ? null : <div className="soft">{t('hold.stages.times', { count: times })}</div>}
              </td>
              <td>{t(`terms:holdAsks.${asks}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
