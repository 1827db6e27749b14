import { Textarea, TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { Refused } from '../../link/call.ts';
import { useSession } from '../../link/session.ts';
import { captionOf, splitKey } from '../../ui/identifier.tsx';
import { useRefusalText } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';
import { useIdentifierReader, type ReadIdentifier } from './identifier-reader.ts';
import { linesOf } from './typed-form.ts';

interface IdentifierFieldProps {
  readonly label: string;
  readonly withAsterisk?: boolean;
  readonly error?: string | undefined;
  readonly name: string;
  /** Several, one on a line. */
  readonly isMany: boolean;
  readonly other: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Identifiers in any usual spelling; below, as what each is read, or what it may be. */
export function IdentifierField(props: IdentifierFieldProps): ReactElement {
  const { label, withAsterisk = false, error, name, isMany, other, value, onChange } = props;
  const { t } = useWords('liaison');
  const { member: self } = useSession();
  const lines = isMany ? linesOf(value) : linesOf(value).slice(0, 1);
  const read = useIdentifierReader([other, self], lines.length > 0);
  const shared = { label, withAsterisk, error, value, spellCheck: false };
  const choose = (line: string, key: string): void =>
    onChange(isMany ? lines.map((one) => (one === line ? key : one)).join('\n') : key);
  return (
    <div>
      {isMany ? (
        <Textarea
          {...shared}
          description={t('identifiers.hint')}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
      {read === undefined ? null : (
        <ul className="liaison-several liaison-read" aria-live="polite">
          {lines.slice(0, 20).map((line, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- A line may stand there twice.
            <li key={at}>
              <HowItIsRead line={line} of={read(line, name)} onChoose={(key) => choose(line, key)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function HowItIsRead(props: { line: string; of: ReadIdentifier; onChoose: (key: string) => void }): ReactElement {
  const { line, of, onChoose } = props;
  const { t } = useWords('liaison');
  const refusalText = useRefusalText();
  const nameOf = (key: string): string => `${t(`terms:identifierType.${splitKey(key).type}`)} ${captionOf(key)}`;
  if (of.key !== undefined) return <span className="soft">{nameOf(of.key)}</span>;
  if (of.others.length > 0)
    return (
      <span className="tone-ochre liaison-may-be">
        {t('identifier.which', { text: line })}{' '}
        {of.others.map((key) => (
          <button key={key} type="button" className="link-button" onClick={() => onChoose(key)}>
            {nameOf(key)}
          </button>
        ))}
      </span>
    );
  const { refused = 'identifier.unrecognised', params } = of.refusal ?? {};
  const error = new Refused({ code: refused, status: 400, ...(params !== undefined && { params }) });
  return (
    <span className="tone-cinnabar liaison-may-be">
      <span className="mono">{line}</span> {refusalText(error).text}
    </span>
  );
}
