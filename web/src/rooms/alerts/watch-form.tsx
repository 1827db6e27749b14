import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement, SubmitEvent } from 'react';
import type { NewWatch, Watch } from '../../../../server/src/alerts/contract.ts';
import { post, Refused } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useOfficer } from '../../link/session.ts';
import { useAct } from '../../ui/act.tsx';
import { InstantEntry } from '../../ui/entries.tsx';
import { captionOf, splitKey } from '../../ui/identifier.tsx';
import { Panel } from '../../ui/page.tsx';
import { RefusalNotice, useRefusalText } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';

export const watchesPath = '/v1/watches';
const patternMin = 3;

/** Makes a watch: what it matches is said before it is saved. */
export function WatchForm({ pattern, onDone }: { pattern: string; onDone: () => void }): ReactElement {
  const { t } = useWords('alerts');
  const { draft, change, clear } = useDraft(`watch:${pattern}`, { pattern, delivery: 'now', until: '', note: '' });
  const readings = useReadings(draft.pattern);
  const key = readings.data?.pattern;
  const making = useAct<void, Watch>({
    act: () =>
      post<Watch>(watchesPath, wishOf({ ...draft, pattern: key ?? draft.pattern.trim() }), { purpose: 'alert' }),
    done: () => t('watches.made'),
    touches: [watchesPath],
    quiet: true,
    after: () => {
      clear();
      onDone();
    },
  });
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (draft.pattern.trim().length >= patternMin && !making.isPending) making.mutate();
  };
  return (
    <Panel title={t('watches.new')}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label={t('watches.pattern')}
            description={t('watches.pattern.hint')}
            value={draft.pattern}
            maxLength={2300}
            autoComplete="off"
            required
            autoFocus
            onChange={(event) => change({ pattern: event.currentTarget.value })}
          />
          <Reading typed={draft.pattern} reading={readings.data} onChoose={(of) => change({ pattern: of })} />
          <Radio.Group
            label={t('watches.delivery')}
            value={draft.delivery}
            onChange={(delivery) => change({ delivery })}
          >
            <Group mt={4}>
              <Radio value="now" label={t('terms:watchDelivery.now')} />
              <Radio value="digest" label={t('terms:watchDelivery.digest')} />
            </Group>
          </Radio.Group>
          <InstantEntry
            label={t('watches.until')}
            hint={t('watches.until.hint')}
            value={draft.until}
            change={(until) => change({ until })}
          />
          <TextInput
            label={t('watches.note')}
            description={t('watches.note.hint')}
            value={draft.note}
            maxLength={500}
            onChange={(event) => change({ note: event.currentTarget.value })}
          />
          {making.error === null ? null : <RefusalNotice error={making.error} />}
          <Group>
            <Button type="submit" loading={making.isPending}>
              {t('watches.make')}
            </Button>
            <Button variant="default" onClick={onDone}>
              {t('ui:cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function wishOf({
  pattern,
  delivery,
  until,
  note,
}: {
  pattern: string;
  delivery: string;
  until: string;
  note: string;
}): NewWatch {
  return {
    pattern,
    delivery: delivery === 'digest' ? 'digest' : 'now',
    ...(until !== '' && { until }),
    ...(note.trim() !== '' && { note: note.trim() }),
  };
}

interface ReadPattern {
  /** What the server is asked to watch, if it is sure. */
  readonly pattern: string | undefined;
  /** What it may be, if it may be several things. */
  readonly choices: readonly string[];
  readonly refused: Refused | undefined;
}

/** How the protocol reads what is typed; it is heavy, so it comes when it is needed. */
function useReadings(text: string) {
  const { member } = useOfficer();
  const [typed] = useDebouncedValue(text.trim(), 200);
  return useQuery({
    queryKey: ['reading', typed],
    enabled: typed.length >= patternMin,
    staleTime: Infinity,
    queryFn: async (): Promise<ReadPattern> => {
      if (typed.endsWith('*')) return { pattern: typed, choices: [], refused: undefined };
      const { guess, parse } = await import('@bronze-drum/protocol/identifiers/identifiers');
      const country = member.toUpperCase();
      const parsed = parse(typed, { country });
      if (typeof parsed === 'string') return { pattern: parsed, choices: [], refused: undefined };
      const choices = guess(typed, { country });
      const refused = choices.length > 0 ? undefined : new Refused({ ...refusalOf(parsed), status: 400 });
      return { pattern: undefined, choices, refused };
    },
  });
}

const refusalOf = ({ refused, params }: { refused: string; params?: Refused['params'] }) => ({
  code: refused,
  ...(params !== undefined && { params }),
});

/** What the watch would match, in words. */
function Reading(props: { typed: string; reading: ReadPattern | undefined; onChoose: (key: string) => void }) {
  const { typed, reading, onChoose } = props;
  const { t } = useWords('alerts');
  const refusalText = useRefusalText();
  if (reading === undefined || typed.trim().length < patternMin) return null;
  const { pattern, choices, refused } = reading;
  if (refused !== undefined) return <p className="notice tone-cinnabar alerts-note">{refusalText(refused).text}</p>;
  if (pattern === undefined)
    return (
      <div className="notice tone-ochre alerts-note">
        <p>{t('watches.several')}</p>
        <Group gap="xs" mt={4}>
          {choices.map((key) => (
            <Button key={key} variant="default" onClick={() => onChoose(key)}>
              {t('watches.reading', {
                type: t(`terms:identifierType.${splitKey(key).type}`),
                value: captionOf(key),
              })}
            </Button>
          ))}
        </Group>
      </div>
    );
  return <p className="notice tone-patina alerts-note">{matchText(pattern, t)}</p>;
}

function matchText(pattern: string, t: (key: string, values?: Record<string, string>) => string): string {
  const { type, value } = splitKey(pattern);
  const named = t(`terms:identifierType.${type}`, { defaultValue: type });
  if (pattern.endsWith('*')) return t('watches.matches.beginning', { type: named, beginning: value.slice(0, -1) });
  if (type === 'ip' && value.includes('/')) return t('watches.matches.range', { range: value });
  if (type === 'domain') return t('watches.matches.domain', { domain: value });
  return t('watches.matches.one', { type: named, value: captionOf(pattern) });
}
