import { Button } from '@mantine/core';
import { useMemo, type ReactElement } from 'react';
import { oneOf, useView } from '../../link/view.ts';
import { wholeList } from '../../link/whole-list.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Panel } from '../../ui/page.tsx';
import { saveBlob } from '../../ui/save.ts';
import { MemberName, TierTag } from '../../ui/tag.tsx';
import { useFormat } from '../../ui/format.ts';
import { useSaid, useWords } from '../../ui/words.ts';
import { countsOf, csvOf, isScreened, urgentFirst, verdictOf, verdicts, type Checked } from './checking.ts';
import { Verdict, VerdictTag } from './verdict.tsx';

const readView = (raw: Readonly<Record<string, string>>) => ({
  advice: oneOf(raw['advice'], verdicts),
  line: raw['line'],
});

/** What came of a list: how many of each advice, and each line, what must be acted on first. */
export function CheckResults({ checked }: { checked: readonly Checked[] }): ReactElement {
  const { t } = useWords('institution');
  const format = useFormat();
  const [{ advice, line }, change] = useView(readView);
  const columns = useColumns();
  const counts = useMemo(() => countsOf(checked), [checked]);
  const shown = useMemo(
    () => urgentFirst(advice === undefined ? checked : checked.filter((one) => verdictOf(one) === advice)),
    [checked, advice],
  );
  const list = wholeList(
    { error: null, data: shown, isPending: false, isError: false, dataUpdatedAt: 0, refetch: () => undefined },
    shown,
  );
  const chosen = shown.find((one) => keyOf(one) === line);
  return (
    <Panel
      title={t('check.results')}
      acts={
        <Button
          variant="default"
          onClick={() => saveBlob(new Blob([csvOf(checked)], { type: 'text/csv' }), 'checked.csv')}
        >
          {t('check.save')}
        </Button>
      }
    >
      <div className="institution-stack">
        <div className="institution-counts" role="group" aria-label={t('check.filter')}>
          <Button
            size="compact-sm"
            variant={advice === undefined ? 'filled' : 'default'}
            aria-pressed={advice === undefined}
            onClick={() => change({ advice: undefined, line: undefined })}
          >
            {t('check.all', { text: format.number(checked.length) })}
          </Button>
          {verdicts
            .filter((one) => counts[one] > 0)
            .map((one) => (
              <Button
                key={one}
                size="compact-sm"
                variant={advice === one ? 'light' : 'default'}
                aria-pressed={advice === one}
                onClick={() => change({ advice: one, line: undefined })}
                rightSection={format.number(counts[one])}
              >
                <VerdictTag of={one} />
              </Button>
            ))}
        </div>
        {chosen === undefined ? null : <Verdict checked={chosen} />}
        <List
          label={t('check.results')}
          list={list}
          columns={columns}
          keyOf={keyOf}
          height="60dvh"
          empty={{ title: t('check.none') }}
          selected={line}
          onSelect={(one) => change({ line: keyOf(one) })}
        />
      </div>
    </Panel>
  );
}

const keyOf = ({ line }: Checked): string => String(line);

function useColumns(): readonly Column<Checked>[] {
  const { t } = useWords('institution');
  const said = useSaid();
  return useMemo(
    () => [
      { name: 'line', title: t('check.line'), cell: ({ line }: Checked) => String(line), width: '4.5rem', end: true },
      {
        name: 'advice',
        title: t('check.advice'),
        cell: (one: Checked) => <VerdictTag of={verdictOf(one)} />,
        width: '9rem',
      },
      {
        name: 'identifier',
        title: t('check.identifier'),
        cell: ({ text, answer }: Checked) =>
          isScreened(answer) ? <Identifier of={answer.identifier} plain /> : <span className="mono">{text}</span>,
      },
      {
        name: 'why',
        title: t('check.why'),
        cell: ({ answer }: Checked) =>
          isScreened(answer) ? answer.typologies.map((one) => said('typologies', one)).join('; ') : null,
        wide: true,
      },
      {
        name: 'tier',
        title: t('check.tiers'),
        cell: ({ answer }: Checked) =>
          isScreened(answer) && answer.tiers[0] !== undefined ? <TierTag tier={answer.tiers[0]} /> : null,
        wide: true,
        width: '11rem',
      },
      {
        name: 'members',
        title: t('check.members'),
        cell: ({ answer }: Checked) =>
          isScreened(answer) ? (
            <span className="institution-tags">
              {answer.members.map((member) => (
                <MemberName key={member} code={member} />
              ))}
            </span>
          ) : null,
        wide: true,
        width: '10rem',
      },
    ],
    [t, said],
  );
}
