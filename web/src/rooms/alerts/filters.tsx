import { Button, NativeSelect, TextInput } from '@mantine/core';
import { memo, useEffect, useState, type ReactElement, type SubmitEvent } from 'react';
import { useOfficer } from '../../link/session.ts';
import { useWords } from '../../ui/words.ts';
import { kinds, priorities, searchOf, shownStates, sorts, whose, type QueueView } from './queue.ts';

type Named = 'state' | 'kind' | 'priority' | 'whose' | 'subject' | 'sort';
type ChangeView = (change: Partial<Record<Named, string | undefined>>, options?: { push?: boolean }) => void;

interface FiltersProps {
  readonly view: QueueView;
  readonly onChange: ChangeView;
}

/** What the queue shows. The first choice of each list is what is so by itself. */
export const Filters = memo(
  FilterFields,
  (before, after) => before.onChange === after.onChange && searchOf(before.view) === searchOf(after.view),
);

function FilterFields({ view, onChange }: FiltersProps): ReactElement {
  const { t } = useWords('alerts');
  const change = (given: Parameters<ChangeView>[0]): void => onChange(given, { push: true });
  const choices = (codes: readonly string[], label: (code: string) => string, all: string) => [
    { value: '', label: all },
    ...codes.map((code) => ({ value: code, label: label(code) })),
  ];
  return (
    <div className="filters">
      <NativeSelect
        size="xs"
        label={t('filter.state')}
        value={view.state ?? ''}
        onChange={(event) => change({ state: event.currentTarget.value })}
        data={choices(shownStates, (code) => t(`terms:alertState.${code}`), t('filter.state.open'))}
      />
      <NativeSelect
        size="xs"
        label={t('filter.whose')}
        value={view.whose}
        onChange={(event) =>
          change({ whose: event.currentTarget.value === 'all' ? undefined : event.currentTarget.value })
        }
        data={whose.map((code) => ({ value: code, label: t(`filter.whose.${code}`) }))}
      />
      <NativeSelect
        size="xs"
        label={t('filter.priority')}
        value={view.priority ?? ''}
        onChange={(event) => change({ priority: event.currentTarget.value })}
        data={choices(priorities, (code) => t(`terms:priority.${code}`), t('filter.all'))}
      />
      <NativeSelect
        size="xs"
        label={t('filter.kind')}
        value={view.kind ?? ''}
        onChange={(event) => change({ kind: event.currentTarget.value })}
        data={choices(kinds, (code) => t(`terms:alertKind.${code}`), t('filter.all'))}
      />
      <NativeSelect
        size="xs"
        label={t('filter.sort')}
        value={view.sort}
        onChange={(event) =>
          change({ sort: event.currentTarget.value === 'urgent' ? undefined : event.currentTarget.value })
        }
        data={sorts.map((code) => ({ value: code, label: t(`filter.sort.${code}`) }))}
      />
      <SubjectFilter subject={view.subject ?? ''} onChange={(subject) => change({ subject })} />
      {searchOf(view) === '' ? null : (
        <Button
          variant="subtle"
          onClick={() =>
            change({
              state: undefined,
              kind: undefined,
              priority: undefined,
              whose: undefined,
              subject: undefined,
              sort: undefined,
            })
          }
        >
          {t('filter.none')}
        </Button>
      )}
    </div>
  );
}

/** Any spelling; what it is asked by is its key, as the protocol reads it. */
function SubjectFilter({ subject, onChange }: { subject: string; onChange: (subject: string | undefined) => void }) {
  const { t } = useWords('alerts');
  const { member } = useOfficer();
  const [text, setText] = useState(subject);
  useEffect(() => setText(subject), [subject]);
  const apply = async (): Promise<void> => {
    const typed = text.trim();
    if (typed === subject) return;
    if (typed === '') return onChange(undefined);
    const { guess } = await import('@bronze-drum/protocol/identifiers/identifiers');
    onChange(guess(typed, { country: member.toUpperCase() })[0] ?? typed);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void apply();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        size="xs"
        label={t('filter.subject')}
        placeholder={t('filter.subject.hint')}
        value={text}
        maxLength={2300}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => void apply()}
      />
    </form>
  );
}
