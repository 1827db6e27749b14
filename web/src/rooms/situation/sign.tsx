import { memo, type CSSProperties, type ReactElement } from 'react';
import type { Links } from '../../../../server/src/federation/contract.ts';
import type { Tone } from '../../ui/mark.tsx';
import { useWords } from '../../ui/words.ts';
import type { Member } from './geography.ts';
import type { AlertsAt } from './open-alerts.ts';

export type LinkState = Links['links'][number]['state'];

export const linkTones: Readonly<Record<LinkState, Tone>> = {
  connecting: 'ochre',
  live: 'patina',
  unreachable: 'cinnabar',
  refused: 'cinnabar',
  paused: 'ochre',
  isolated: 'cinnabar',
};

/** A member on the map: its name, how its link stands, and how much there is to look at. Chosen, its numbers are shown. */
export const Sign = memo(
  function Sign(props: {
    member: Member;
    style: CSSProperties;
    isHere: boolean;
    isChosen: boolean;
    alerts: AlertsAt | undefined;
    holds: number | undefined;
    link: LinkState | undefined;
    onChoose: (member: Member) => void;
  }): ReactElement {
    const { member, style, isHere, isChosen, alerts, holds, link, onChoose } = props;
    const { t } = useWords('situation');
    return (
      <button
        type="button"
        className={`situation-sign ${isHere ? 'ours' : ''}`}
        style={style}
        aria-pressed={isChosen}
        onClick={() => onChoose(member)}
      >
        <span className="situation-star" aria-hidden />
        <span className="situation-name">
          {link === undefined ? null : <span className={`dot tone-${linkTones[link]}`} aria-hidden />}
          {t(`shell:member.${member}`)}
        </span>
        {link === undefined || link === 'live' ? null : (
          <span className={`situation-count tone-${linkTones[link]}`}>{t(`terms:linkState.${link}`)}</span>
        )}
        {alerts === undefined || alerts.count === 0 ? null : (
          <span className={`situation-count tone-${alerts.urgent > 0 ? 'cinnabar' : 'bronze'}`}>
            {t('sign.alerts', { count: alerts.count })}
          </span>
        )}
        {holds === undefined || holds === 0 ? null : (
          <span className="situation-count tone-patina">{t('sign.holds', { count: holds })}</span>
        )}
      </button>
    );
  },
  (before, after) =>
    before.style.insetInlineStart === after.style.insetInlineStart &&
    before.style.insetBlockStart === after.style.insetBlockStart &&
    before.isHere === after.isHere &&
    before.isChosen === after.isChosen &&
    before.alerts?.count === after.alerts?.count &&
    before.alerts?.urgent === after.alerts?.urgent &&
    before.holds === after.holds &&
    before.link === after.link &&
    before.onChoose === after.onChoose,
);
