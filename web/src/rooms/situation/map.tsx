import { ActionIcon, Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { FeatureCollection } from 'geojson';
import { memo, useMemo, type CSSProperties, type ReactElement } from 'react';
import { get } from '../../link/call.ts';
import { useFormat } from '../../ui/format.ts';
import { Failed, Loading } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { fateTone, type Fate, type Flow } from './flows.ts';
import { bow, draw, members, seen, type Geography, type Member, type Sight } from './geography.ts';
import type { AlertsAt, Stroke } from './open-alerts.ts';
import { Sign, type LinkState } from './sign.tsx';
import { useSight } from './sight.ts';
import './map.css';

export interface MapProps {
  /** Whose desk this is. */
  readonly here: string;
  readonly alertsAt: ReadonlyMap<Member, AlertsAt>;
  readonly strokes: readonly Stroke[];
  readonly flows: readonly Flow[];
  /** When the flows were read, in ms: money that crossed a moment before moves. */
  readonly flowsAtMs: number;
  /** Holds that run here; undefined if they may not be read. */
  readonly holds: number | undefined;
  readonly links: ReadonlyMap<string, LinkState>;
  readonly chosen: Member | undefined;
  readonly onChoose: (member: Member) => void;
}

/** The six countries with what happens now. It can be moved and enlarged by mouse, by touch and by keyboard. */
export function SituationMap(props: MapProps): ReactElement {
  const { t } = useWords('situation');
  const boundaries = useQuery({
    queryKey: ['/boundaries.json'],
    queryFn: ({ signal }) => get<FeatureCollection>('/boundaries.json', { signal }),
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const { ref, width, height } = useElementSize();
  const isSized = width > 0 && height > 0;
  const geography = useMemo(
    () => (boundaries.data === undefined || !isSized ? undefined : draw(boundaries.data, { width, height })),
    [boundaries.data, isSized, width, height],
  );
  return (
    <div className="situation-map">
      <div className="situation-window" ref={ref}>
        {geography === undefined ? (
          boundaries.error === null ? (
            <Loading />
          ) : (
            <Failed error={boundaries.error} again={() => void boundaries.refetch()} />
          )
        ) : (
          <Window {...props} geography={geography} />
        )}
      </div>
      <p className="situation-notice faint">{t('map.notice')}</p>
    </div>
  );
}

function Window({ geography, ...props }: MapProps & { geography: Geography }): ReactElement {
  const { t } = useWords('situation');
  const { size, signs } = geography;
  const { box, sight, enlarge, reset, hear } = useSight(size);
  const { here, alertsAt, strokes, flows, flowsAtMs, holds, links, chosen, onChoose } = props;
  return (
    <section className="situation-sight" ref={box} aria-label={t('map.label')} tabIndex={0} {...hear}>
      <svg width={size.width} height={size.height} aria-hidden className="situation-drawing">
        <g transform={`translate(${sight.x.toFixed(1)} ${sight.y.toFixed(1)}) scale(${sight.scale.toFixed(4)})`}>
          <Land geography={geography} here={here} chosen={chosen} />
        </g>
      </svg>
      <svg width={size.width} height={size.height} aria-hidden className="situation-drawing situation-flows">
        <Flows flows={flows} atMs={flowsAtMs} geography={geography} sight={sight} />
      </svg>
      {strokes.map(({ id, place, isUrgent }) => (
        <Struck key={id} at={seen(sight, signs[place])} isUrgent={isUrgent} />
      ))}
      {members.map((member) => {
        const [x, y] = seen(sight, signs[member]);
        return (
          <Sign
            key={member}
            member={member}
            style={{ insetInlineStart: x, insetBlockStart: y } satisfies CSSProperties}
            isHere={member === here}
            isChosen={member === chosen}
            alerts={alertsAt.get(member)}
            holds={member === here ? holds : undefined}
            link={links.get(member)}
            onChoose={onChoose}
          />
        );
      })}
      <Legend flows={flows} />
      <div className="situation-zoom">
        {(
          [
            ['in', '+', () => enlarge(1.5)],
            ['out', '−', () => enlarge(1 / 1.5)],
            ['reset', '○', reset],
          ] as const
        ).map(([name, sign, act]) => (
          <Tooltip key={name} label={t(`map.zoom.${name}`)}>
            <ActionIcon variant="default" size="sm" aria-label={t(`map.zoom.${name}`)} onClick={act}>
              {sign}
            </ActionIcon>
          </Tooltip>
        ))}
      </div>
    </section>
  );
}

/** Drawn once for a size of the window: moving the map moves it whole. */
const Land = memo(function Land(props: {
  geography: Geography;
  here: string;
  chosen: Member | undefined;
}): ReactElement {
  const { geography, here, chosen } = props;
  return (
    <>
      {geography.outlines.map(({ member, path }) => {
        const kind = member === undefined ? 'neighbour' : member === here ? 'ours' : 'member';
        return (
          <path
            key={path}
            d={path}
            className={`situation-land ${kind} ${member !== undefined && member === chosen ? 'chosen' : ''}`}
          />
        );
      })}
      <path d={geography.river} className="situation-river" />
    </>
  );
});

/** Money that crossed a border so short a time ago moves. */
const freshMs = 10 * 60_000;

function Flows(props: { flows: readonly Flow[]; atMs: number; geography: Geography; sight: Sight }): ReactElement[] {
  const { flows, atMs, geography, sight } = props;
  const { t } = useWords('situation');
  const format = useFormat();
  const ranks = new Map<string, number>();
  // The widest below, so that the others are seen.
  return flows.map(({ from, to, amount, fate, weight, thefts, at }) => {
    const rank = ranks.get(`${from} ${to}`) ?? 0;
    ranks.set(`${from} ${to}`, rank + 1);
    const { path, head } = bow(seen(sight, geography.signs[from]), seen(sight, geography.signs[to]), rank);
    const isFresh = atMs - Date.parse(at) < freshMs;
    return (
      <g key={`${from} ${to} ${amount.currency} ${at}`} className={`situation-flow tone-${fateTone[fate]}`}>
        <title>
          {t('flow.title', {
            from: t(`shell:member.${from}`),
            to: t(`shell:member.${to}`),
            amount: format.money(amount),
            count: thefts,
            fate: t(`fate.${fate}`),
          })}
        </title>
        <path d={path} strokeWidth={`${(1.4 + 4.6 * Math.sqrt(weight)) / 16}rem`} className="situation-stream" />
        {isFresh ? <path d={path} className="situation-moving" /> : null}
        <path d={head} className="situation-head" />
      </g>
    );
  });
}

/** As a drum that is struck: rings go out, once. No part of a drawing, so that nothing else is painted again for it. */
function Struck({ at: [x, y], isUrgent }: { at: readonly [number, number]; isUrgent: boolean }): ReactElement {
  return (
    <span
      aria-hidden
      className={`situation-struck tone-${isUrgent ? 'cinnabar' : 'bronze'}`}
      style={{ insetInlineStart: x, insetBlockStart: y }}
    >
      {[0, 1, 2].map((ring) => (
        <span key={ring} className={`situation-stroke situation-stroke-${ring}`} />
      ))}
    </span>
  );
}

const fates: readonly Fate[] = ['held', 'open', 'lost'];

function Legend({ flows }: { flows: readonly Flow[] }): ReactElement | null {
  const { t } = useWords('situation');
  if (flows.length === 0) return null;
  return (
    <div className="situation-legend">
      <strong>{t('flow.legend')}</strong>
      {fates.map((fate) => (
        <span key={fate} className={`tone-${fateTone[fate]}`}>
          <span className="situation-sample" /> {t(`fate.${fate}`)}
        </span>
      ))}
    </div>
  );
}
