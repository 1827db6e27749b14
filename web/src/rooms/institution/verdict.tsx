import type { ReactElement } from 'react';
import { Refused } from '../../link/call.ts';
import { Instant } from '../../ui/clock.tsx';
import { Identifier } from '../../ui/identifier.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { Facts } from '../../ui/page.tsx';
import { useRefusalText } from '../../ui/refusal.tsx';
import { MemberName, Tag, TierTag } from '../../ui/tag.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { isScreened, type Checked, type Screened, verdictOf } from './checking.ts';

const verdictTones: Readonly<Record<ReturnType<typeof verdictOf>, Tone>> = {
  block: 'cinnabar',
  hold: 'cinnabar',
  challenge: 'ochre',
  watch: 'bronze',
  clear: 'patina',
  unread: 'stone',
};

/** The advice in one word. */
export function VerdictTag({ of }: { of: ReturnType<typeof verdictOf> }): ReactElement {
  const { t } = useWords('institution');
  return (
    <Tag tone={verdictTones[of]} outlined={of === 'hold'}>
      {of === 'unread' ? t('check.unread') : t(`terms:advice.${of}`)}
    </Tag>
  );
}

/** What to do, large; why, and what to cite. */
export function Verdict({ checked }: { checked: Checked }): ReactElement {
  const { t } = useWords('institution');
  const refusalText = useRefusalText();
  const { text, answer } = checked;
  const verdict = verdictOf(checked);
  return (
    <section className={`institution-verdict tone-${verdictTones[verdict]}`} aria-live="polite">
      <p className="institution-verdict-word">
        {isScreened(answer) ? t(`terms:advice.${answer.advice}`) : t('check.unread')}
      </p>
      <p className="institution-verdict-what">
        {isScreened(answer)
          ? t(`terms:advice.${answer.advice}.what`)
          : refusalText(
              new Refused({
                code: answer.refused,
                status: 400,
                ...(answer.params !== undefined && { params: answer.params }),
              }),
            ).text}
      </p>
      <p className="institution-asked" style={{ margin: 0 }}>
        {isScreened(answer) ? <Identifier of={answer.identifier} plain /> : <span className="mono">{text}</span>}
      </p>
      {isScreened(answer) ? <Why answer={answer} /> : null}
    </section>
  );
}

function Why({ answer }: { answer: Screened }): ReactElement {
  const { t } = useWords('institution');
  const said = useSaid();
  const { advice, tiers, typologies, members, match, since, until, reference } = answer;
  if (advice === 'clear' && tiers.length === 0) return <p className="soft">{t('check.clear')}</p>;
  return (
    <Facts
      facts={[
        [
          t('check.why'),
          typologies.length === 0 ? undefined : typologies.map((one) => said('typologies', one)).join('; '),
        ],
        [
          t('check.tiers'),
          tiers.length === 0 ? undefined : (
            <span key="tiers" className="institution-tags">
              {tiers.map((tier) => (
                <TierTag key={tier} tier={tier} />
              ))}
            </span>
          ),
        ],
        [
          t('check.members'),
          members.length === 0 ? undefined : (
            <span key="members" className="institution-tags">
              {members.map((member) => (
                <MemberName key={member} code={member} />
              ))}
            </span>
          ),
        ],
        [
          t('check.match'),
          match === undefined ? undefined : (
            <span key="match">
              {t(`terms:match.${match.kind}`)} {match.key === undefined ? null : <Identifier of={match.key} plain />}
            </span>
          ),
        ],
        [t('check.since'), since === undefined ? undefined : <Instant key="since" at={since} />],
        [t('check.until'), until === undefined ? undefined : <Instant key="until" at={until} />],
        [
          t('check.reference'),
          reference === undefined ? undefined : (
            <span key="reference" className="mono">
              {reference}
            </span>
          ),
        ],
      ]}
    />
  );
}
