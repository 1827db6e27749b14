import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, type ReactElement } from 'react';
import { Refused } from '../link/call.ts';
import { splitKey } from './identifier.tsx';
import { useRefusalText } from './refusal.tsx';
import { useWords } from './words.ts';
import './read-as.css';

interface Read {
  readonly key: string;
  readonly caption: string;
}
type Reading = Read | { readonly refused: string; readonly params?: Refused['params'] };

/** What money leaves from and goes to. */
const ends = ['account', 'wallet', 'phone'];

/** As the server will read it: an end of a payment as an account first; the parsers are loaded when somebody first types. */
async function read(text: string, country: string, isEnd: boolean): Promise<Reading> {
  const { caption, parse } = await import('@bronze-drum/protocol/identifiers/identifiers');
  const first = parse(text, isEnd ? { type: 'account', country } : { country });
  if (typeof first === 'string') return { key: first, caption: caption(first) };
  const other = isEnd ? parse(text, { country }) : first;
  return typeof other === 'string' && ends.includes(splitKey(other).type)
    ? { key: other, caption: caption(other) }
    : first;
}

function useReading(text: string, country: string, isEnd: boolean): Reading | undefined {
  const asked = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ['reading', asked, country, isEnd],
    queryFn: () => read(asked, country, isEnd),
    enabled: asked !== '',
    placeholderData: (before) => before,
    staleTime: Infinity,
    gcTime: 0,
  });
  return asked === '' ? undefined : found.data;
}

interface ReadAsProps {
  readonly text: string;
  /** ISO 3166-1 alpha-2, upper case: whose national spellings apply. */
  readonly country: string;
  /** An end of a payment: an account, wallet or telephone. */
  readonly isEnd?: boolean;
}

/** How an identifier is understood, while it is typed: its kind and usual writing, or why it cannot be read. */
export function ReadAs({ text, country, isEnd = false }: ReadAsProps): ReactElement {
  const { t } = useWords('ui');
  const refusalText = useRefusalText();
  const reading = useReading(text, country, isEnd);
  if (reading === undefined) return <span className="read-as" />;
  if ('refused' in reading) {
    const { refused: code, params } = reading;
    const error = new Refused({ code, status: 0, ...(params !== undefined && { params }) });
    return (
      <span className="read-as tone-ochre" style={{ color: 'var(--tone)' }} role="status">
        {refusalText(error).text}
      </span>
    );
  }
  return (
    <span className="read-as" role="status">
      <span className="soft">{t('read.as', { kind: t(`terms:identifierType.${splitKey(reading.key).type}`) })}</span>{' '}
      <span className="mono">{reading.caption}</span>
    </span>
  );
}
