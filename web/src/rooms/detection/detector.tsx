import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import type { PolicyVersions } from '../../../../server/src/access/contract.ts';
import type { DetectorState, DetectorStates } from '../../../../server/src/detection/contract.ts';
import { get } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { useParam, useView } from '../../link/view.ts';
import { Columns } from '../../ui/columns.tsx';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { useParamWords } from '../../ui/params.ts';
import { Empty, Shown } from '../../ui/states.tsx';
import { PriorityTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { Findings } from './findings.tsx';
import { LimitsForm } from './limits-form.tsx';
import type { LegalLimit } from './limits.ts';
import { Drift, ModeTag, Precision } from './precision.tsx';
import { ReplaySheet } from './replays.tsx';
import { useDetectors } from './states.ts';
import './detection.css';

/** One detector: what it sees and finds, its limits, and what other limits would do. */
export function Screen(): ReactElement {
  const { t } = useWords('detection');
  const name = useParam('name');
  const query = useDetectors();
  return (
    <Page title={t(`terms:detector.${name}`, { defaultValue: name })} beside={<Link to="/detectors">{t('all')}</Link>}>
      <Shown query={query}>
        {(states) => {
          const state = states.detectors.find((one) => one.name === name);
          return state === undefined ? <Empty title={t('unknown')} /> : <Sheet state={state} states={states} />;
        }}
      </Shown>
    </Page>
  );
}

function Sheet({ state, states }: { state: DetectorState; states: DetectorStates }): ReactElement {
  const { t } = useWords('detection');
  const may = useMay();
  const [{ replay, isTrying }, change] = useView((raw) => ({
    replay: raw['replay'],
    isTrying: raw['isTrying'] === '1',
  }));
  const mayTry = may('detection.try');
  return (
    <Columns
      main={
        <>
          {replay === undefined ? null : <ReplaySheet key={replay} id={replay} records={states.records} />}
          {isTrying && mayTry ? (
            <LimitsForm
              key={state.name}
              state={state}
              onStarted={(id) => change({ replay: id, isTrying: undefined }, { push: true })}
            />
          ) : null}
          <Panel title={t('findings.title')}>
            <Findings detector={state.name} />
          </Panel>
        </>
      }
      side={
        <>
          <What state={state} />
          <LimitsPanel
            state={state}
            acts={
              mayTry && !isTrying ? (
                <Button onClick={() => change({ isTrying: '1' }, { push: true })}>{t('try')}</Button>
              ) : null
            }
          />
        </>
      }
    />
  );
}

function What({ state }: { state: DetectorState }): ReactElement {
  const { t } = useWords('detection');
  const said = useSaid();
  const format = useFormat();
  const { name, typology, urgency, version, mode, findings, judged, drift } = state;
  return (
    <Panel title={t('what.title')}>
      <p>{t(`terms:detector.${name}.what`)}</p>
      <Facts
        facts={[
          [t('column.mode'), <ModeTag key="mode" mode={mode} />],
          [t('what.typology'), said('typologies', typology)],
          [t('column.urgency'), <PriorityTag key="urgency" priority={`P${urgency}`} />],
          [t('column.day'), format.number(findings.day)],
          [t('column.week'), format.number(findings.week)],
          [t('column.precision'), <Precision key="precision" judged={judged} />],
          [t('column.drift'), <Drift key="drift" drift={drift} />],
          [t('what.version'), format.number(version)],
        ]}
      />
      <p className="faint">{t('precision.hint')}</p>
    </Panel>
  );
}

function LimitsPanel({ state, acts }: { state: DetectorState; acts: ReactNode }): ReactElement {
  const { t } = useWords('detection');
  const format = useFormat();
  const words = useParamWords();
  const limits = Object.entries(state.limits).map(([name, value]): readonly [string, ReactNode] => {
    const label = t(`terms:limit.${name}`, { defaultValue: name });
    if (!Array.isArray(value)) return [label, words.values({ [name]: value as number | boolean })[name]];
    const amounts = (value as readonly LegalLimit[]).map(({ currency, minor }) =>
      format.money({ value: String(minor), currency }),
    );
    return [label, <Amounts key={name} amounts={amounts} />];
  });
  return (
    <Panel title={t('limits.title')} acts={acts}>
      <Facts facts={limits} />
      <InForceSince name={state.name} />
    </Panel>
  );
}

function Amounts({ amounts }: { amounts: readonly string[] }): ReactElement {
  return (
    <>
      {amounts.map((amount) => (
        <div key={amount}>{amount}</div>
      ))}
    </>
  );
}

const seesPolicies = ['access.audit', 'access.manage', 'operate'];

/** Since when the limits are as they are, for those who may read the policy. */
function InForceSince({ name }: { name: string }): ReactElement | null {
  const { t } = useWords('detection');
  const may = useMay();
  const path = '/v1/policy';
  const policy = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<PolicyVersions>(path, { signal }),
    enabled: seesPolicies.some(may),
    staleTime: Infinity,
  });
  if (policy.data === undefined) return null;
  const since = sinceOf(policy.data, name);
  return (
    <p className="soft">
      {t('limits.since')} <Instant at={since} />
    </p>
  );
}

/** When the detector was last set otherwise: the rules before say something else of it. */
function sinceOf({ versions, today }: PolicyVersions, name: string): string {
  const settingAt = (at: number): string => {
    const rules = versions[at]?.policy['detection'] as { detectors?: Record<string, unknown> } | undefined;
    return JSON.stringify(rules?.detectors?.[name] ?? null);
  };
  let at = today;
  while (at > 0 && settingAt(at - 1) === settingAt(today)) at -= 1;
  return versions[at]!.from;
}
