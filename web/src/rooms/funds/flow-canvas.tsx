import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type JSX,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import { useFormat } from '../../ui/format.ts';
import { MemberName } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { FlowBoxButton } from './flow-box.tsx';
import { FlowFacts } from './flow-facts.tsx';
import { streamOf, type FlowGraph } from './flow-graph.ts';
import { gutter, type FlowBox, type FlowLayout, type FlowRibbon } from './flow-layout.ts';
import { stateTones } from './flow-words.tsx';
import type { Zoom } from './flow-zoom.ts';

interface CanvasProps {
  readonly graph: FlowGraph;
  readonly layout: FlowLayout;
  readonly scale: number;
  /** As wide as it is drawn at least. */
  readonly room: number;
  /** Of what the picture is seen through. */
  readonly view: Zoom['box'];
  readonly place: string | undefined;
  readonly choose: (id: string) => void;
  readonly unfold: (cell: string) => void;
  readonly whole: bigint;
}

/** The flow as a picture: ribbons are drawn, places are buttons, so that both a mouse and a keyboard reach them. */
export function FlowCanvas(props: CanvasProps): ReactElement {
  const { graph, layout, scale, room, view, place, choose, unfold, whole } = props;
  const { t } = useWords('funds');
  const { boxes, ribbons, lanes, height } = layout;
  const width = Math.max(layout.width, room);
  const [looked, setLooked] = useState<string | undefined>(undefined);
  const [focused, setFocused] = useState<string | undefined>(undefined);
  const arrivals = useArrivals([...boxes.map(({ id }) => id), ...ribbons.map(({ id }) => id)]);
  const about = looked ?? focused ?? boxes.find(({ nodes }) => nodes.some(({ id }) => id === place))?.id;
  const stream = useMemo(() => (about === undefined ? undefined : around(about, ribbons)), [about, ribbons]);
  const toneOf = useMemo(
    () => new Map(boxes.map(({ id, nodes }) => [id, nodes.length > 1 ? 'stone' : stateTones[nodes[0]!.state]])),
    [boxes],
  );
  const drag = useDrag();
  const rover = boxes.some(({ id }) => id === focused) ? focused : boxes[0]?.id;
  const onKey = (event: KeyboardEvent<HTMLDivElement>): void => {
    const next = nextBox(
      event.key,
      boxes.find(({ id }) => id === focused),
      layout,
    );
    if (next === undefined) return;
    event.preventDefault();
    event.currentTarget.querySelector<HTMLElement>(`[data-box="${CSS.escape(next)}"]`)?.focus();
  };
  const lit = (id: string): string => (stream === undefined ? '' : stream.has(id) ? 'flow-lit' : 'flow-dim');
  const size: CSSProperties = { width: width * scale, height: height * scale };
  return (
    <div className="flow-picture">
      <div className="flow-view" ref={view} {...drag}>
        <div
          className="flow-size"
          style={{
            ...size,
            ['--flow-print' as string]: printScale(layout.width),
            ['--flow-height' as string]: `${height}px`,
          }}
        >
          <div
            className="flow-canvas"
            style={{ width, height, transform: `scale(${scale})` }}
            role="group"
            aria-label={t('flow.picture.label', { count: graph.nodes.length })}
            onKeyDown={onKey}
            onMouseLeave={() => setLooked(undefined)}
          >
            <svg width={width} height={height} aria-hidden>
              {lanes.map(({ member, y, height: tall }, at) => (
                <rect
                  key={member}
                  x="0"
                  y={y}
                  width={width}
                  height={tall}
                  className={at % 2 === 0 ? 'flow-lane' : 'flow-lane flow-lane-odd'}
                />
              ))}
              {ribbons.map((ribbon) => (
                <g key={ribbon.id} className={`tone-${toneOf.get(ribbon.to)!} ${lit(ribbon.id)}`}>
                  <path
                    d={ribbon.path}
                    className={`flow-ribbon ${arrivals.has(ribbon.id) ? 'flow-new' : ''}`}
                    strokeWidth={ribbon.width}
                  />
                  <path
                    d={ribbon.path}
                    className="flow-touch"
                    strokeWidth={Math.max(9, ribbon.width)}
                    onMouseEnter={() => setLooked(ribbon.id)}
                    onMouseLeave={() => setLooked(undefined)}
                  />
                </g>
              ))}
            </svg>
            <Heads layout={layout} />
            {boxes.map((box) => (
              <FlowBoxButton
                key={box.id}
                box={box}
                currency={graph.currency}
                className={`${lit(box.id)} ${arrivals.has(box.id) ? 'flow-new' : ''}`}
                isChosen={box.nodes.some(({ id }) => id === place)}
                tabIndex={box.id === rover ? 0 : -1}
                look={setLooked}
                focus={setFocused}
                choose={choose}
                unfold={unfold}
              />
            ))}
          </div>
        </div>
      </div>
      <FlowFacts about={about} layout={layout} currency={graph.currency} whole={whole} />
    </div>
  );
}

/** Names of the lanes and of the columns, in which time goes from left to right. */
function Heads({ layout }: { layout: FlowLayout }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  return (
    <>
      {layout.columns.map(({ hop, x, firstMs, lastMs }) => (
        <div key={hop} className="flow-column" style={{ left: x }}>
          <span>{hop === 0 ? t('flow.step.origin') : t('flow.step', { step: hop })}</span>
          <span className="faint nowrap">
            {format.time(firstMs) === format.time(lastMs)
              ? format.time(firstMs)
              : `${format.time(firstMs)} – ${format.time(lastMs)}`}
          </span>
        </div>
      ))}
      {layout.lanes.map(({ member, y, height }) => (
        <div key={member} className="flow-lane-name" style={{ top: y, height, width: gutter - 14 }}>
          <MemberName code={member} />
        </div>
      ))}
    </>
  );
}

/** On A4 the whole picture goes across the page. */
const printScale = (width: number): number => Math.min(1, 655 / width);

/** What belongs to a box or ribbon: all that leads there and on from there. */
function around(id: string, ribbons: readonly FlowRibbon[]): ReadonlySet<string> {
  const ribbon = ribbons.find((one) => one.id === id);
  if (ribbon === undefined) return streamOf([id], ribbons);
  const back = ribbons.filter((one) => one.from !== ribbon.from || one.id === id);
  const both = streamOf([ribbon.from], back);
  return new Set([...both, id, ribbon.from, ribbon.to]);
}

/** Arrows go along the ribbons, the widest first, and up and down a column. */
function nextBox(key: string, from: FlowBox | undefined, { boxes, ribbons }: FlowLayout): string | undefined {
  if (from === undefined) return undefined;
  const widest = (some: readonly FlowRibbon[]): FlowRibbon | undefined => some.toSorted((a, b) => b.width - a.width)[0];
  if (key === 'ArrowRight') return widest(ribbons.filter((one) => one.from === from.id))?.to;
  if (key === 'ArrowLeft') return widest(ribbons.filter((one) => one.to === from.id))?.from;
  const column = boxes.filter(({ x }) => x === from.x).toSorted((a, b) => a.y - b.y);
  const at = column.findIndex(({ id }) => id === from.id);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: column.length - 1,
  };
  return column[steps[key] ?? -1]?.id;
}

const highlightMs = 3000;

/** What was not there before, for a moment; nothing is new when the picture is first seen. */
function useArrivals(ids: readonly string[]): ReadonlySet<string> {
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const text = ids.join(' ');
  useEffect(() => {
    const now = text === '' ? [] : text.split(' ');
    const before = known.current;
    known.current = new Set(now);
    const added = before === undefined ? [] : now.filter((id) => !before.has(id));
    if (added.length === 0) return undefined;
    setFresh(new Set(added));
    const over = setTimeout(() => setFresh(new Set()), highlightMs);
    return () => clearTimeout(over);
  }, [text]);
  return fresh;
}

type Handlers = Pick<
  JSX.IntrinsicElements['div'],
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel'
>;

/** The picture is pulled about by its ground; on a touch screen the browser does that by itself. */
function useDrag(): Handlers {
  const from = useRef<{ x: number; y: number } | undefined>(undefined);
  const end = (): void => {
    from.current = undefined;
  };
  return {
    onPointerDown(event) {
      const isGround = !(event.target as Element).closest('button');
      if (event.pointerType === 'mouse' && event.button === 0 && isGround)
        from.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove(event) {
      const start = from.current;
      if (start === undefined) return;
      event.currentTarget.scrollBy(start.x - event.clientX, start.y - event.clientY);
      from.current = { x: event.clientX, y: event.clientY };
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
