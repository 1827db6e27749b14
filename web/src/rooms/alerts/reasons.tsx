import type { AlertReason } from '@bronze-drum/protocol/alerts';
import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import type { Finding } from '../../../../server/src/detection/contract.ts';
import { Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { pathOf, shortId } from '../../ui/identifier.tsx';
import { Facts } from '../../ui/page.tsx';
import { useParamWords } from '../../ui/params.ts';
import { ReasonLine } from '../../ui/reason.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';

/** Why somebody should look: each reason as a sentence, with the facts behind it. */
export function Reasons({ reasons, findings }: { reasons: readonly AlertReason[]; findings: readonly Finding[] }) {
  const latestFirst = reasons.toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0));
  return (
    <ol className="alerts-reasons">
      {latestFirst.map((reason) => (
        <li key={nameOf(reason)}>
          <ReasonLine reason={reason} />
          <Behind reason={reason} finding={findingOf(reason, findings)} />
        </li>
      ))}
    </ol>
  );
}

const factsText = (facts: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
const nameOf = ({ code, params, member = '' }: AlertReason): string => `${code} ${member} ${factsText(params)}`;

/** The finding that gave a reason: of its detector, with the same facts. What a member told us is none of ours. */
function findingOf({ code, params, member }: AlertReason, findings: readonly Finding[]): Finding | undefined {
  if (member !== undefined) return undefined;
  const text = factsText(params);
  return findings.find(({ detector, facts }) => code === `detection.${detector}` && factsText(facts) === text);
}

function Behind({ reason, finding }: { reason: AlertReason; finding: Finding | undefined }): ReactElement {
  const { t } = useWords('alerts');
  const { code, params, firstAt, lastAt } = reason;
  const words = useParamWords();
  const facts = words.facts(params, code).map(({ name, label, text }): readonly [string, ReactNode] => {
    const path = linkOf(name, String(params[name]), reason);
    if (path === undefined) return [label, text];
    const link = <Link to={path}>{shortId(String(params[name]))}</Link>;
    return [label, link];
  });
  return (
    <details className="alerts-behind">
      <summary>{t('facts.title')}</summary>
      <Facts
        facts={[
          ...facts,
          ...(finding === undefined ? [] : findingFacts(finding, t)),
          [t('facts.first'), <Instant key="first" at={firstAt} />],
          [t('facts.last'), <Instant key="last" at={lastAt} />],
        ]}
      />
      {finding === undefined ? null : <FindingFoot finding={finding} />}
    </details>
  );
}

function findingFacts({ institution, found }: Finding, t: (key: string) => string): (readonly [string, ReactNode])[] {
  return [
    [t('facts.reporter'), institution],
    [t('facts.found'), <Instant key="found" at={found} />],
  ];
}

function FindingFoot({ finding }: { finding: Finding }): ReactElement {
  const { t } = useWords('alerts');
  const format = useFormat();
  const { detector, strength, score } = finding;
  return (
    <p className="alerts-finding">
      <Link to={`/detectors/${detector}`}>{t(`terms:detector.${detector}`)}</Link>{' '}
      <Tag title={t('strength.hint')}>{t('strength', { strength: format.percent(strength) })}</Tag>{' '}
      {score === undefined ? null : <Tag>{t('chance', { chance: format.percent(score.chance) })}</Tag>}
    </p>
  );
}

/** Where the number of another thing leads. */
function linkOf(name: string, value: string, { kind }: AlertReason): string | undefined {
  if (name === 'watch') return '/watches';
  if (name === 'trace' || name === 'hold') return pathOf(`${name}:${value}`);
  return name === 'id' && (kind === 'order' || kind === 'request') ? pathOf(`${kind}:${value}`) : undefined;
}
