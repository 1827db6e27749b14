import { Checkbox, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type DragEvent, type ReactElement } from 'react';
import { useFormat } from '../../ui/format.ts';
import { captionOf } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/page.tsx';
import { Loading } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { useCodeText } from './codes.ts';
import {
  columnRoles,
  dataRows,
  guessColumns,
  itemOf,
  namesOf,
  type ColumnRole,
  type Columns,
  type LineRefusal,
} from './import-columns.ts';
import { delimiters, fileFormats, firstRows, peek, type Layout, type Row } from '../../link/file-rows.ts';
import type { FilePlan } from './import-runs.ts';
import { Refused } from '../../link/call.ts';
import type { ImportItem } from '../../../../server/src/registry/contract.ts';

const bytesMax = 100 * 1024 * 1024;
const shownRows = 8;

/** A file to be chosen or dropped. */
export function FileChoice({ file, onFile }: { file: File | undefined; onFile: (file: File) => void }): ReactElement {
  const { t } = useWords('registry');
  const format = useFormat();
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped !== undefined) onFile(dropped);
  };
  return (
    <label
      className={`registry-drop ${isOver ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <strong>{file === undefined ? t('file.choose') : file.name}</strong>
      <span className="soft">{file === undefined ? t('file.kinds') : format.bytes(file.size)}</span>
      <input
        type="file"
        className="visually-hidden"
        accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl,.gz"
        aria-label={t('file.choose')}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen !== undefined) onFile(chosen);
        }}
      />
    </label>
  );
}

/** How a file is read: its format, which column stands for what, and what comes of the first rows. */
export function FilePreview(props: {
  file: File;
  onPlan: (plan: FilePlan | undefined) => void;
  hints: { type: string; country: string; bank: string };
}): ReactElement {
  const { file, onPlan, hints } = props;
  const { t } = useWords('registry');
  const codeText = useCodeText();
  const peeked = useQuery({
    queryKey: ['peek', file.name, file.size, file.lastModified],
    queryFn: () => peek(file),
    retry: false,
    gcTime: 0,
  });
  useEffect(() => {
    if (peeked.isError) onPlan(undefined);
  }, [peeked.isError, onPlan]);
  const tooLarge = file.size > bytesMax;
  if (tooLarge || peeked.isError)
    return (
      <div className="notice tone-cinnabar" role="alert">
        <p>{tooLarge ? t('file.too-large') : codeText(codeOf(peeked.error))}</p>
      </div>
    );
  if (peeked.data === undefined) return <Loading />;
  return (
    <LaidOut
      key={`${file.name} ${file.size} ${file.lastModified}`}
      found={peeked.data.layout}
      lines={peeked.data.lines}
      onPlan={onPlan}
      hints={hints}
    />
  );
}

const codeOf = (error: unknown): string => (error instanceof Refused ? error.code : 'feed.unreadable');

function LaidOut(props: {
  found: Layout;
  lines: readonly string[];
  onPlan: (plan: FilePlan) => void;
  hints: { type: string; country: string; bank: string };
}): ReactElement {
  const { found, lines, onPlan, hints } = props;
  const { t } = useWords('registry');
  const [layout, setLayout] = useState(found);
  const [chosen, setChosen] = useState<Columns | undefined>();
  const read = useQuery({
    queryKey: ['first-rows', lines, layout],
    queryFn: async () => {
      const rows = await firstRows(lines, layout);
      const { parse } = await import('@bronze-drum/protocol/identifiers/identifiers');
      const isReadable = (text: string): boolean => typeof parse(text) === 'string';
      const data = dataRows(layout, rows);
      return { names: namesOf(layout, rows), data, guessed: guessColumns(namesOf(layout, rows), data, isReadable) };
    },
    gcTime: 0,
  });
  const columns = chosen ?? read.data?.guessed;
  useEffect(() => {
    if (columns !== undefined) onPlan({ layout, columns });
  }, [layout, columns, onPlan]);
  const lay = (part: Partial<Layout>): void => {
    setLayout((before) => ({ ...before, ...part }));
    setChosen(undefined);
  };
  return (
    <Panel title={t('file.preview')}>
      <div className="filters">
        <NativeSelect
          label={t('file.format')}
          value={layout.format}
          onChange={(event) => lay({ format: fileFormats.find((one) => one === event.currentTarget.value) ?? 'csv' })}
          data={fileFormats.map((one) => ({ value: one, label: t(`file.format.${one}`) }))}
        />
        {layout.format === 'csv' ? (
          <>
            <NativeSelect
              label={t('file.delimiter')}
              value={layout.delimiter}
              onChange={(event) => lay({ delimiter: event.currentTarget.value })}
              data={delimiters.map((one) => ({ value: one, label: one === '\t' ? t('file.delimiter.tab') : one }))}
            />
            <Checkbox
              label={t('file.header')}
              checked={layout.hasHeader}
              onChange={(event) => lay({ hasHeader: event.currentTarget.checked })}
            />
          </>
        ) : null}
      </div>
      {read.data === undefined || columns === undefined ? (
        <Loading />
      ) : (
        <PreviewTable
          names={read.data.names}
          rows={read.data.data.slice(0, shownRows)}
          columns={columns}
          change={setChosen}
          hints={hints}
        />
      )}
    </Panel>
  );
}

function PreviewTable(props: {
  names: readonly string[];
  rows: readonly Row[];
  columns: Columns;
  change: (columns: Columns) => void;
  hints: { type: string; country: string; bank: string };
}): ReactElement {
  const { names, rows, columns, change, hints } = props;
  const { t } = useWords('registry');
  const choose = (at: number, role: string): void => {
    const known = columnRoles.find((one) => one === role);
    // One column a role: who chooses it here takes it from the other.
    const others = Object.entries(columns).filter(([place, one]) => Number(place) !== at && one !== known);
    const rest = Object.fromEntries(others) as Record<number, ColumnRole>;
    change(known === undefined ? rest : { ...rest, [at]: known });
  };
  return (
    <div className="list registry-preview" tabIndex={0} role="region" aria-label={t('file.preview')}>
      <table>
        <thead>
          <tr>
            <th scope="col" className="end">
              {t('list.line')}
            </th>
            <th scope="col">{t('file.result')}</th>
            {names.map((name, at) => (
              <th key={`${name} ${String(at)}`} scope="col">
                <div>{name === '' ? t('file.column', { number: at + 1 }) : name}</div>
                <NativeSelect
                  size="xs"
                  aria-label={t('file.column.role', { name: name === '' ? String(at + 1) : name })}
                  value={columns[at] ?? ''}
                  onChange={(event) => choose(at, event.currentTarget.value)}
                  data={[
                    { value: '', label: t('file.role.none') },
                    ...columnRoles.map((one) => ({ value: one, label: t(`file.role.${one}`) })),
                  ]}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line}>
              <td className="end faint">{row.line}</td>
              <td>
                <ReadAs item={itemOf(row, columns)} hints={hints} />
              </td>
              {'cells' in row ? (
                row.cells.map((cell, at) => (
                  <td key={`${String(at)} ${cell}`} className={columns[at] === undefined ? 'faint' : ''} dir="auto">
                    {cell.slice(0, 120)}
                  </td>
                ))
              ) : (
                <td colSpan={names.length} />
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the server would understand, read by the same code in this browser. */
function ReadAs({
  item,
  hints,
}: {
  item: ImportItem | LineRefusal;
  hints: { type: string; country: string; bank: string };
}): ReactElement {
  const codeText = useCodeText();
  const read = useQuery({
    queryKey: ['read-as', item, hints],
    enabled: !('refused' in item),
    queryFn: async () => {
      const { parse } = await import('@bronze-drum/protocol/identifiers/identifiers');
      const given = item as ImportItem;
      const country = given.country ?? hints.country;
      const bank = given.bank ?? hints.bank;
      const type = given.type ?? (hints.type === '' ? undefined : (hints.type as NonNullable<ImportItem['type']>));
      return parse(given.identifier, {
        ...(type !== undefined && { type }),
        ...(country !== '' && { country }),
        ...(bank !== '' && { bank }),
      });
    },
    gcTime: 0,
  });
  const refused = 'refused' in item ? item : typeof read.data === 'object' ? read.data : undefined;
  if (refused !== undefined)
    return <span className="tone-cinnabar registry-toned">{codeText(refused.refused, refused.params)}</span>;
  return <span className="mono nowrap">{typeof read.data === 'string' ? captionOf(read.data) : ''}</span>;
}
