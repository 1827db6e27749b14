import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { PolicyVersions } from '../../../../server/src/access/contract.ts';
import { get } from '../../link/call.ts';
import { oneOf, useView } from '../../link/view.ts';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { PrintButton } from '../../ui/letter.tsx';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import './access.css';
import { differences, type Difference, type Rules } from './policy-rules.ts';
import { PolicyTree, usePolicyWords } from './policy-tree.tsx';

const looks = ['words', 'raw'] as const;
const hidden = ['effectiveFrom', 'legalBasis'];

/** The rules of this member: what was, is and will be in force, and what changes. */
export function Screen(): ReactElement {
  const { t } = useWords('access');
  const query = useQuery({
    queryKey: ['/v1/policy'],
    queryFn: ({ signal }) => get<PolicyVersions>('/v1/policy', { signal }),
  });
  return (
    <Page title={t('policy.title')} acts={<PrintButton />}>
      <Shown query={query}>{(policies) => <Policies policies={policies} />}</Shown>
    </Page>
  );
}

function Policies({ policies }: { policies: PolicyVersions }): ReactElement {
  const { t } = useWords('access');
  const format = useFormat();
  const [view, change] = useView((raw) => ({ from: raw['from'], look: oneOf(raw['look'], looks) ?? 'words' }));
  const { member, timeZone, versions, today } = policies;
  const asked = versions.findIndex(({ from }) => from === view.from);
  const at = asked === -1 ? today : asked;
  const shown = versions[at]!;
  const next = versions[today + 1];
  const { legalBasis } = shown.policy as { legalBasis?: string };
  const standing = (index: number): string =>
    t(index === today ? 'policy.today' : index < today ? 'policy.past' : 'policy.ahead');
  return (
    <>
      <div className="filters">
        <NativeSelect
          label={t('policy.version')}
          value={shown.from}
          onChange={({ currentTarget }) => change({ from: currentTarget.value })}
          data={versions.map(({ from }, index) => ({
            value: from,
            label: t('policy.from', { day: format.day(from), standing: standing(index) }),
          }))}
        />
        <SegmentedControl
          aria-label={t('policy.look')}
          value={view.look}
          onChange={(look) => change({ look })}
          data={looks.map((look) => ({ value: look, label: t(`policy.look.${look}`) }))}
        />
      </div>
      {at !== today || next === undefined ? null : (
        <div className="notice tone-ochre" role="status">
          <p>
            {t('policy.upcoming')} <Instant at={next.from} />.{' '}
            <button type="button" className="link-button" onClick={() => change({ from: next.from })}>
              {t('policy.upcoming.open')}
            </button>
          </p>
        </div>
      )}
      <Panel
        title={
          <>
            <MemberName code={member} />
            <Tag tone={at === today ? 'patina' : at < today ? 'stone' : 'ochre'}>{standing(at)}</Tag>
          </>
        }
      >
        <Facts
          facts={[
            [t('policy.since'), <Instant key="since" at={shown.from} />],
            [
              t('policy.until'),
              versions[at + 1] === undefined ? undefined : <Instant key="until" at={versions[at + 1]!.from} />,
            ],
            [t('policy.zone'), timeZone],
            [t('rule.legalBasis'), legalBasis],
          ]}
        />
        <p className="soft">{t('policy.file')}</p>
      </Panel>
      {view.look === 'raw' ? (
        <pre className="mono access-raw">{JSON.stringify(shown.policy, undefined, 2)}</pre>
      ) : (
        <Sections rules={shown.policy} before={at === 0 ? undefined : versions[at - 1]!.policy} />
      )}
    </>
  );
}

/** Each section as facts; what differs from the rules before is marked, and listed first. */
function Sections({ rules, before }: { rules: Rules; before: Rules | undefined }): ReactElement {
  const { t } = useWords('access');
  const found = before === undefined ? [] : differences(before, rules);
  const changed = new Map(found.map((difference) => [difference.path.join('/'), difference]));
  return (
    <>
      {found.length === 0 ? null : <Changes found={found} />}
      <div className="access-sections">
        {Object.entries(rules)
          .filter(([name]) => !hidden.includes(name))
          .map(([name, value]) => (
            <Panel key={name} className="access-section" title={t(`rule.${name}`)}>
              <p className="soft">{t(`section.${name}`)}</p>
              <PolicyTree path={[name]} of={value} changed={changed} />
            </Panel>
          ))}
      </div>
    </>
  );
}

function Changes({ found }: { found: readonly Difference[] }): ReactElement {
  const { t } = useWords('access');
  const words = usePolicyWords();
  const nothing = new Map<string, Difference>();
  return (
    <Panel title={t('policy.changes')}>
      <ul className="access-list">
        {found.map(({ path, before, after }) => (
          <li key={path.join('/')}>
            <strong>{path.map((name, at) => words.name(path.slice(0, at), name, after)).join(' › ')}</strong>
            {before === undefined ? null : (
              <s className="access-was">
                <PolicyTree path={path} of={before} changed={nothing} />
              </s>
            )}
            {after === undefined ? (
              <span> {t('policy.gone')}</span>
            ) : (
              <PolicyTree path={path} of={after} changed={nothing} />
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
