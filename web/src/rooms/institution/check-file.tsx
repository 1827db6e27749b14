import { Button, FileInput, Group, NativeSelect } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { firstRows, peek, rowsOf, type Layout, type Row } from '../../link/file-rows.ts';
import { useAct } from '../../ui/act.tsx';
import { RefusalNotice } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';
import { likelyColumn, linesMax, type Asked } from './checking.ts';

interface Opened {
  readonly file: File;
  readonly layout: Layout;
  readonly names: readonly string[];
  /** Which of several columns holds the identifiers. */
  readonly column: number;
}

/** A table or a text file, read in this browser: what its chosen column holds. */
export function CheckFile({
  isBusy,
  check,
}: {
  isBusy: boolean;
  check: (asked: readonly Asked[]) => void;
}): ReactElement {
  const { t } = useWords('institution');
  const [opened, setOpened] = useState<Opened | undefined>(undefined);
  const opening = useAct<File | null, Opened | undefined>({
    act: async (file) => (file === null ? undefined : openedOf(file)),
    quiet: true,
    after: setOpened,
  });
  const reading = useAct<Opened, readonly Asked[]>({ act: askedOf, quiet: true, after: check });
  const error = opening.error ?? reading.error;
  return (
    <div className="institution-stack">
      <Group align="end" gap="sm">
        <FileInput
          label={t('check.file')}
          description={t('check.file.hint')}
          placeholder={t('answers.choose')}
          accept=".csv,.tsv,.txt,.ndjson,.gz,text/csv,text/plain"
          clearable
          value={opened?.file ?? null}
          onChange={(file) => {
            reading.reset();
            opening.mutate(file);
          }}
        />
        {opened === undefined || opened.names.length < 2 ? null : (
          <NativeSelect
            label={t('check.column')}
            value={String(opened.column)}
            onChange={({ currentTarget }) => setOpened({ ...opened, column: Number(currentTarget.value) })}
            data={opened.names.map((name, at) => ({ value: String(at), label: `${at + 1} · ${name}` }))}
          />
        )}
        {opened === undefined ? null : (
          <Button loading={isBusy || reading.isPending} onClick={() => reading.mutate(opened)}>
            {t('check.file.submit')}
          </Button>
        )}
      </Group>
      {error === null ? null : <RefusalNotice error={error} />}
    </div>
  );
}

async function openedOf(file: File): Promise<Opened> {
  const { layout, lines } = await peek(file);
  const first = (await firstRows(lines, layout)).find((row) => 'cells' in row);
  const names = layout.format === 'ndjson' ? layout.names : (first?.cells ?? []);
  return { file, layout, names, column: likelyColumn(names) };
}

async function askedOf({ file, layout, column }: Opened): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  let isHead = layout.format === 'csv' && layout.hasHeader;
  for await (const rows of rowsOf(file, layout)) {
    for (const row of rows) {
      if (isHead) isHead = false;
      else asked.push(...lineOf(row, column));
    }
    if (asked.length > linesMax) break;
  }
  return asked;
}

function lineOf(row: Row, column: number): Asked[] {
  if ('refused' in row) return [{ line: row.line, text: '', refused: row.refused }];
  const text = row.cells[column] ?? '';
  return text === '' ? [] : [{ line: row.line, text }];
}
