import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, type KeyboardEvent, type MouseEvent, type ReactElement, type ReactNode } from 'react';
import type { LoadedList } from '../link/lists.ts';
import { useFormat } from './format.ts';
import { Empty, Failed } from './states.tsx';
import { useWords } from './words.ts';

export interface Column<Item> {
  readonly name: string;
  readonly title: ReactNode;
  readonly cell: (item: Item) => ReactNode;
  /** CSS width; without it the column takes what is left. */
  readonly width?: string;
  readonly end?: boolean;
  /** Left out where the screen is narrow. */
  readonly wide?: boolean;
}

interface ListProps<Item> {
  readonly label: string;
  readonly list: LoadedList<Item>;
  readonly columns: readonly Column<Item>[];
  readonly keyOf: (item: Item) => string;
  /** What stands where nothing is found. */
  readonly empty: { readonly title: string; readonly hint?: ReactNode };
  readonly selected?: string | undefined;
  /** A row was chosen by click or keyboard (arrows, j and k). */
  readonly onSelect?: (item: Item) => void;
  /** Enter or a double click. */
  readonly onOpen?: (item: Item) => void;
  /** CSS height; the list scrolls inside of it. */
  readonly height?: string;
  /** Rows that appeared since the list was first shown are marked for a moment. */
  readonly marksNew?: boolean;
}

const rowPx = 34;

/**
 * A list that never lies: loading, empty, failed, stale, partial (more can be loaded) each look different. Rows are drawn as they come into
 * view, so a list of thousands scrolls as one of ten. Arrows, j and k move, Enter opens, Home and End go to the ends.
 */
export function List<Item>(props: ListProps<Item>): ReactElement {
  const { label, list, columns, keyOf, empty, selected, onSelect, onOpen, height = '100%', marksNew = false } = props;
  const { t } = useWords('ui');
  const box = useRef<HTMLDivElement>(null);
  const seen = useRef<Set<string> | undefined>(undefined);
  const { items } = list;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 12,
    getItemKey: (at) => keyOf(items[at]!),
  });
  const selectedAt = selected === undefined ? -1 : items.findIndex((item) => keyOf(item) === selected);
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (list.hasMore && !list.isLoadingMore && items.length > 0 && lastShown >= items.length - 5) list.more();
  }, [list, items.length, lastShown]);
  const isNew = (item: Item): boolean => marksNew && seen.current !== undefined && !seen.current.has(keyOf(item));
  useEffect(() => {
    if (!list.isLoading) seen.current = new Set(items.map(keyOf));
  }, [items, list.isLoading, keyOf]);
  const choose = (at: number): void => {
    const item = items[Math.max(0, Math.min(items.length - 1, at))];
    if (item === undefined) return;
    onSelect?.(item);
    rows.scrollToIndex(Math.max(0, Math.min(items.length - 1, at)), { align: 'auto' });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.target !== box.current && !(event.target as HTMLElement).matches('tr')) return;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: 15,
      PageUp: -15,
      Home: -1e6,
      End: 1e6,
    };
    const step = event.ctrlKey || event.metaKey ? undefined : steps[event.key];
    if (step !== undefined && onSelect !== undefined) choose(selectedAt === -1 && step === 1 ? 0 : selectedAt + step);
    else if (event.key === 'Enter' && selectedAt !== -1 && onOpen !== undefined) onOpen(items[selectedAt]!);
    else return;
    event.preventDefault();
  };
  if (list.error !== null && list.error !== undefined)
    return (
      <div className="list">
        <Failed error={list.error} again={list.again} />
      </div>
    );
  if (!list.isLoading && items.length === 0)
    return (
      <div className="list">
        <Empty title={empty.title}>{empty.hint}</Empty>
      </div>
    );
  /** For the body as a whole, so that rows need not be drawn again for it. */
  const itemHit = (act: ((item: Item) => void) | undefined) => (event: MouseEvent) => {
    const at = (event.target as HTMLElement).closest<HTMLElement>('tr[data-index]')?.dataset['index'];
    const item = at === undefined ? undefined : items[Number(at)];
    if (item !== undefined) act?.(item);
  };
  const before = shown[0]?.start ?? 0;
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return (
    <div
      className="list"
      style={{ maxHeight: height }}
      ref={box}
      tabIndex={0}
      onKeyDown={onKey}
      role="region"
      aria-label={label}
    >
      {list.isStale ? <StaleLine list={list} /> : null}
      <table aria-busy={list.isLoading} aria-rowcount={list.hasMore ? -1 : items.length + 1}>
        <thead>
          <tr>
            {columns.map(({ name, title, width, end, wide }) => (
              <th
                key={name}
                scope="col"
                style={width === undefined ? {} : { width }}
                className={`${end === true ? 'end' : ''} ${wide === true ? 'desk-wide' : ''}`}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onClick={itemHit(onSelect ?? onOpen)} onDoubleClick={itemHit(onOpen)}>
          {list.isLoading ? skeletons(columns.length) : null}
          {before > 0 ? (
            <tr aria-hidden style={{ height: before }}>
              <td colSpan={columns.length} style={{ padding: 0, height: before }} />
            </tr>
          ) : null}
          {shown.map(({ index, key }) => (
            <Row
              key={String(key)}
              index={index}
              item={items[index]!}
              columns={columns as readonly Column<unknown>[]}
              isSelected={onSelect === undefined ? undefined : index === selectedAt}
              isClickable={onSelect !== undefined || onOpen !== undefined}
              isNew={isNew(items[index]!)}
              measure={rows.measureElement}
            />
          ))}
          {after > 0 ? (
            <tr aria-hidden style={{ height: after }}>
              <td colSpan={columns.length} style={{ padding: 0, height: after }} />
            </tr>
          ) : null}
        </tbody>
      </table>
      <div className="list-foot">
        <span>
          {list.isLoading
            ? t('loading')
            : list.hasMore
              ? t('list.partial', { count: items.length })
              : t('list.all', { count: items.length })}
        </span>
        {list.hasMore ? (
          <Button variant="subtle" size="compact-xs" loading={list.isLoadingMore} onClick={list.more}>
            {t('list.more')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

interface RowProps {
  readonly index: number;
  readonly item: unknown;
  readonly columns: readonly Column<unknown>[];
  /** Undefined where nothing can be chosen. */
  readonly isSelected: boolean | undefined;
  readonly isClickable: boolean;
  readonly isNew: boolean;
  readonly measure: (row: HTMLTableRowElement | null) => void;
}

/** Drawn again only if its item, its columns or what it is chosen for has changed. */
const Row = memo(({ index, item, columns, isSelected, isClickable, isNew, measure }: RowProps): ReactElement => (
  <tr
    data-index={index}
    ref={measure}
    aria-rowindex={index + 2}
    {...(isSelected !== undefined && { 'aria-selected': isSelected })}
    className={`${isClickable ? 'clickable' : ''} ${isNew ? 'new' : ''}`}
  >
    {columns.map(({ name, cell, end, wide }) => (
      <td key={name} className={`${end === true ? 'end' : ''} ${wide === true ? 'desk-wide' : ''}`}>
        {cell(item)}
      </td>
    ))}
  </tr>
));

function StaleLine<Item>({ list }: { list: LoadedList<Item> }): ReactElement {
  const { t } = useWords('ui');
  const format = useFormat();
  return (
    <div className="notice tone-ochre" role="status">
      <p>
        {t('list.stale', { time: format.time(list.readAtMs) })}{' '}
        <Button variant="subtle" size="compact-xs" onClick={list.again}>
          {t('again')}
        </Button>
      </p>
    </div>
  );
}

function skeletons(columns: number): ReactElement[] {
  return Array.from({ length: 8 }, (_, row) => (
    <tr key={row} className="skeleton-row" aria-hidden>
      {Array.from({ length: columns }, (_, column) => (
        <td key={column}>
          <span style={{ inlineSize: `${45 + ((row * 17 + column * 29) % 45)}%` }} />
        </td>
      ))}
    </tr>
  ));
}
