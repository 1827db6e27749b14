import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, type ReactElement } from 'react';
import { useOfficer } from '../../link/session.ts';
import { captionOf, Identifier, splitKey } from '../../ui/identifier.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { useCodeText } from './codes.ts';
import type { ReadLine } from './reading.ts';

export interface LinesDraft {
  readonly text: string;
  readonly type: string;
  readonly country: string;
  readonly bank: string;
  /** The key that was chosen for a text that can be read in several ways. */
  readonly chosen: Readonly<Record<string, string>>;
}

/** Reads pasted lines as somebody types, in the browser; nothing is sent. */
export function useReadLines({ text, type, country, bank, chosen }: LinesDraft): readonly ReadLine[] {
  const { member } = useOfficer();
  const asked = useDeferredValue(text);
  const hints = { type, country: country === '' ? member.toUpperCase() : country, bank };
  const read = useQuery({
    queryKey: ['read-lines', asked, hints, chosen],
    queryFn: async () => {
      const { readLines } = await import('./reading.ts');
      const { type, country, bank } = hints;
      const known = identifierTypeOf(type);
      return readLines(
        asked,
        { country, ...(bank !== '' && { bank }), ...(known !== undefined && { type: known }) },
        chosen,
      );
    },
    placeholderData: (before) => before,
    staleTime: Infinity,
    gcTime: 0,
  });
  return asked.trim() === '' ? [] : (read.data ?? []);
}

export const identifierTypeOf = (text: string) => identifierTypes.find((one) => one === text);

/** What is to be listed: any spelling, one in each line. */
export function LinesField({
  draft,
  change,
}: {
  draft: LinesDraft;
  change: (part: Partial<LinesDraft>) => void;
}): ReactElement {
  const { t } = useWords('registry');
  return (
    <>
      <Textarea
        label={t('list.lines')}
        description={t('list.lines.hint')}
        value={draft.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
        minRows={3}
        maxRows={12}
        spellCheck={false}
        autoFocus
        classNames={{ input: 'mono' }}
        required
      />
      <HintFields draft={draft} change={change} />
    </>
  );
}

/** What is known of all of them, for spellings that do not say it themselves. */
export function HintFields({
  draft,
  change,
}: {
  draft: Pick<LinesDraft, 'type' | 'country' | 'bank'>;
  change: (part: Partial<Pick<LinesDraft, 'type' | 'country' | 'bank'>>) => void;
}): ReactElement {
  const { t } = useWords('registry');
  return (
    <div className="registry-hints">
      <NativeSelect
        label={t('list.type')}
        value={draft.type}
        onChange={(event) => change({ type: event.currentTarget.value })}
        data={[
          { value: '', label: t('list.type.any') },
          ...identifierTypes.map((one) => ({ value: one, label: t(`terms:identifierType.${one}`) })),
        ]}
      />
      <TextInput
        label={t('list.country')}
        value={draft.country}
        onChange={(event) => change({ country: countryOf(event.currentTarget.value) })}
        placeholder={t('list.country.own')}
      />
      <TextInput
        label={t('list.bank')}
        value={draft.bank}
        onChange={(event) => change({ bank: event.currentTarget.value.slice(0, 40) })}
        placeholder={t('list.bank.none')}
      />
    </div>
  );
}

/** Two letters, as they are typed. */
const countryOf = (text: string): string =>
  text
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
    .slice(0, 2);

/** Each line as it was understood, what is doubtful, and what cannot be read. */
export function LinesRead({
  lines,
  choose,
}: {
  lines: readonly ReadLine[];
  choose: (text: string, key: string) => void;
}): ReactElement {
  const { t } = useWords('registry');
  const codeText = useCodeText();
  return (
    <div className="list registry-read" tabIndex={0} role="region" aria-label={t('list.read')}>
      <table>
        <thead>
          <tr>
            <th scope="col" className="end">
              {t('list.line')}
            </th>
            <th scope="col">{t('list.understood')}</th>
            <th scope="col">{t('list.as')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ line, text, key, refusal, choices = [], sameAs }) => (
            <tr key={line}>
              <td className="end faint">{line}</td>
              <td>
                {key === undefined ? <span className="mono">{text}</span> : <Identifier of={key} />}
                {key === undefined ? (
                  <p className="registry-why">{codeText(refusal?.refused ?? '', refusal?.params)}</p>
                ) : null}
              </td>
              <td>
                {choices.length > 1 || (key === undefined && choices.length > 0) ? (
                  <NativeSelect
                    size="xs"
                    aria-label={t('list.choose', { text })}
                    value={key ?? ''}
                    onChange={(event) => choose(text, event.currentTarget.value)}
                    data={[
                      ...(key === undefined ? [{ value: '', label: t('list.choose.one') }] : []),
                      ...choices.map((one) => ({
                        value: one,
                        label: `${t(`terms:identifierType.${splitKey(one).type}`)} · ${captionOf(one)}`,
                      })),
                    ]}
                  />
                ) : key === undefined ? (
                  <Tag tone="cinnabar">{t('list.unread')}</Tag>
                ) : (
                  <span className="soft">{t(`terms:identifierType.${splitKey(key).type}`)}</span>
                )}{' '}
                {sameAs === undefined ? null : <Tag tone="ochre">{t('list.same', { line: sameAs })}</Tag>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
