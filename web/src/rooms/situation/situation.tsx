import { Button } from '@mantine/core';
import { useCallback, useMemo, type ReactElement } from 'react';
import { useLiveState } from '../../link/live.ts';
import { useMay, useSession } from '../../link/session.ts';
import { oneOf, useView } from '../../link/view.ts';
import { useFormat } from '../../ui/format.ts';
import { useShortcuts } from '../../ui/keys.ts';
import { Mark } from '../../ui/mark.tsx';
import { useNow } from '../../ui/now.ts';
import { Page } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { Clocks } from './clocks.tsx';
import { Feed } from './feed.tsx';
import { flowsOf } from './flows.ts';
import { members, type Member } from './geography.ts';
import { SituationMap } from './map.tsx';
import { MemberPanel } from './member-panel.tsx';
import { Money } from './money.tsx';
import { useOpenAlerts } from './open-alerts.ts';
import { useEndingHolds, useLinks, useSituationFreshness, useThefts } from './readings.ts';
import type { LinkState } from './sign.tsx';
import { OpenAlerts, WaitingForMe } from './waiting.tsx';
import { useWall } from './wall.ts';
import './situation.css';

/** What is happening now, on one page. It can be left on a wall. */
export function Screen(): ReactElement {
  const { t } = useWords('situation');
  const may = useMay();
  const { isWall, enter, leave } = useWall();
  useSituationFreshness();
  const shortcuts = useMemo(
    () =>
      isWall
        ? [{ keys: 'Escape', label: t('wall.leave'), act: leave }]
        : [{ keys: 'w', label: t('wall.enter'), act: enter }],
    [isWall, enter, leave, t],
  );
  useShortcuts(shortcuts);
  return (
    <Page
      title={t('title')}
      full
      beside={isWall ? <WallSigns /> : undefined}
      acts={
        <Button size="compact-xs" variant="subtle" onClick={isWall ? leave : enter} className="situation-wall">
          {isWall ? t('wall.leave') : t('wall.enter')}
        </Button>
      }
    >
      <div className="situation">
        <div className="situation-left">
          {may('funds.read') ? <Money /> : null}
          <Picture />
        </div>
        <div className="situation-right">
          <div className="situation-numbers">
            {may('alerts.read') ? <OpenAlerts /> : null}
            {isWall ? null : <WaitingForMe />}
          </div>
          <Clocks />
          <Feed />
        </div>
      </div>
    </Page>
  );
}

/** The map, and the numbers of the member that was chosen on it. */
function Picture(): ReactElement {
  const { member: here } = useSession();
  const [{ member: chosen }, change] = useView((raw) => ({ member: oneOf(raw['member'], members) }));
  const thefts = useThefts();
  const holds = useEndingHolds().data;
  const links = useLinks().data;
  const { at, strokes } = useOpenAlerts(here);
  const flows = useMemo(() => flowsOf(thefts.data?.traces ?? []), [thefts.data]);
  const states = useMemo(
    () => new Map((links?.links ?? []).map(({ party, state }): [string, LinkState] => [party, state])),
    [links],
  );
  const choose = useCallback(
    (member: Member) => change({ member: member === chosen ? undefined : member }),
    [change, chosen],
  );
  return (
    <div className="situation-picture">
      <SituationMap
        here={here}
        alertsAt={at}
        strokes={strokes}
        flows={flows}
        flowsAtMs={thefts.dataUpdatedAt}
        holds={holds?.holds.length}
        links={states}
        chosen={chosen}
        onChoose={choose}
      />
      {chosen === undefined ? null : (
        <MemberPanel
          member={chosen}
          here={here}
          alerts={at.get(chosen)}
          flows={flows}
          onClose={() => change({ member: undefined })}
        />
      )}
    </div>
  );
}

/** On a wall there is no top bar: whose desk it is, the time, and whether the picture moves. */
function WallSigns(): ReactElement {
  const { t } = useWords('situation');
  const { member } = useSession();
  const may = useMay();
  const format = useFormat();
  const nowMs = useNow();
  const state = useLiveState();
  return (
    <>
      <Mark size={26} />
      <strong>{t(`shell:member.${member}`)}</strong>
      <span className="situation-clock">{format.time(nowMs)}</span>
      {may('alerts.read') ? (
        <Tag tone={state === 'live' ? 'patina' : state === 'lost' ? 'cinnabar' : 'ochre'}>
          {t(`shell:live.${state}`)}
        </Tag>
      ) : null}
    </>
  );
}
