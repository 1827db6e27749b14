import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, type ReactElement } from 'react';
import type { Trace } from '../../../../server/src/funds/contract.ts';
import { oneOf, useView } from '../../link/view.ts';
import { useShortcuts } from '../../ui/keys.ts';
import { useWords } from '../../ui/words.ts';
import { FlowCanvas } from './flow-canvas.tsx';
import { graphOf, type FlowState } from './flow-graph.ts';
import { layoutOf } from './flow-layout.ts';
import { FlowSide } from './flow-side.tsx';
import { FlowTable } from './flow-table.tsx';
import { StateSign } from './flow-words.tsx';
import { useZoom } from './flow-zoom.ts';
import './flow.css';

const states: readonly FlowState[] = ['held', 'ordered', 'possible', 'abroad', 'passed', 'cash', 'crypto', 'gone'];

interface FlowProps {
  readonly trace: Trace;
  readonly self: string;
  /** Asks to order one hold that is proposed. */
  readonly hold?: ((hold: string) => void) | undefined;
}

/** Where the money went: as a picture, or as a table of the same. What is chosen and unfolded stands in the address. */
export function Flow({ trace, self, hold }: FlowProps): ReactElement {
  const { t } = useWords('funds');
  const graph = useMemo(() => graphOf(trace, self), [trace, self]);
  const [view, change] = useView((raw) => ({
    as: oneOf(raw['as'], ['table'] as const) ?? 'picture',
    place: raw['place'],
    unfolded: raw['unfolded'] ?? '',
  }));
  const { as, place, unfolded } = view;
  const expanded = useMemo(() => new Set(unfolded.split(',').filter((cell) => cell !== '')), [unfolded]);
  const layout = useMemo(() => layoutOf(graph, expanded), [graph, expanded]);
  const zoom = useZoom(layout.width);
  const chosen = graph.nodes.find(({ id }) => id === place);
  const choose = (id: string | undefined): void => change({ place: id === place ? undefined : id });
  const unfold = (cell: string): void => change({ unfolded: [...expanded, cell].join(',') });
  const shortcuts = useMemo(
    () => [
      { keys: 'v', label: t('flow.switch'), act: () => change({ as: as === 'table' ? undefined : 'table' }) },
      { keys: '+', label: t('flow.zoom-in'), act: zoom.closer },
      { keys: '-', label: t('flow.zoom-out'), act: zoom.farther },
      { keys: '0', label: t('flow.fit'), act: zoom.fit },
    ],
    [t, as, change, zoom],
  );
  useShortcuts(shortcuts);
  const here = states.filter((state) => graph.nodes.some((node) => node.state === state));
  return (
    <section className="panel flow" aria-label={t('flow.title')}>
      <div className="flow-head">
        <h2>{t('flow.title')}</h2>
        <ul className="flow-legend">
          {here.map((state) => (
            <li key={state}>
              <StateSign state={state} /> {t(`flow.state.${state}`)}
            </li>
          ))}
        </ul>
        <div className="flow-acts">
          {expanded.size === 0 ? null : (
            <Button variant="subtle" size="compact-xs" onClick={() => change({ unfolded: undefined })}>
              {t('flow.fold')}
            </Button>
          )}
          {as === 'table' ? null : (
            <Button.Group>
              <Button variant="default" size="compact-xs" aria-label={t('flow.zoom-out')} onClick={zoom.farther}>
                −
              </Button>
              <Button variant="default" size="compact-xs" onClick={zoom.fit}>
                {t('flow.fit')}
              </Button>
              <Button variant="default" size="compact-xs" aria-label={t('flow.zoom-in')} onClick={zoom.closer}>
                +
              </Button>
            </Button.Group>
          )}
          <SegmentedControl
            value={as}
            onChange={(value) => change({ as: value === 'table' ? 'table' : undefined })}
            data={[
              { value: 'picture', label: t('flow.picture') },
              { value: 'table', label: t('flow.table') },
            ]}
          />
        </div>
      </div>
      <div className={`flow-body ${chosen === undefined ? '' : 'flow-chosen'} flow-as-${as}`}>
        <div className="flow-main">
          {as === 'table' ? null : (
            <FlowCanvas
              graph={graph}
              layout={layout}
              scale={zoom.scale}
              room={zoom.room}
              view={zoom.box}
              place={place}
              choose={choose}
              unfold={unfold}
              whole={BigInt(trace.amount.value)}
            />
          )}
          <FlowTable graph={graph} place={place} choose={choose} />
        </div>
        {chosen === undefined ? null : (
          <FlowSide
            node={chosen}
            graph={graph}
            choose={choose}
            self={self}
            hold={hold}
            close={() => choose(undefined)}
          />
        )}
      </div>
    </section>
  );
}
