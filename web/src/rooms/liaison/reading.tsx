import { useMemo, type ReactElement, type ReactNode } from 'react';
import type { Form, NamedPayment } from '@bronze-drum/protocol/fields';
import type { FreeText } from '@bronze-drum/protocol/languages';
import { countryIn } from '../../ui/country.ts';
import { formatOf, timeZoneOf, useFormat, type Format, type Money } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { useOtherWords, wordOf, type OtherWords } from '../../ui/other-words.ts';
import { nativeNames, useWords, type Language } from '../../ui/words.ts';

/** One language in which a request is read, with the clock and numbers of whoever reads it. */
export interface Reading {
  readonly language: Language;
  readonly words: OtherWords;
  readonly format: Format;
}

/** One’s own reading and, beside it, the other side’s in its local time; undefined while words are on their way. */
export function useReadings(beside: Language, member: string): readonly [Reading, Reading] | undefined {
  const { language } = useWords('liaison');
  const format = useFormat();
  const mine = useOtherWords(language);
  const theirs = useOtherWords(beside);
  return useMemo(() => {
    if (mine === undefined || theirs === undefined) return undefined;
    const there = formatOf({ language: beside, calendar: 'gregorian', timeZone: timeZoneOf[member] ?? null });
    return [
      { language, words: mine, format },
      { language: beside, words: theirs, format: there },
    ] as const;
  }, [language, beside, member, format, mine, theirs]);
}

/** What somebody wrote, as they wrote it, with its language marked. */
export function Written({ text }: { text: FreeText }): ReactElement {
  const { t } = useWords('liaison');
  return (
    <span className="liaison-written">
      <span lang={text.language}>{text.text}</span>{' '}
      <span className="faint">{t('written-in', { language: nativeNames[text.language] ?? text.language })}</span>
    </span>
  );
}

export interface Line {
  readonly name: string;
  readonly label: (reading: Reading) => string;
  readonly value: (reading: Reading) => ReactNode;
  /** What is the same in every language: shown once. */
  readonly isOne?: boolean;
}

const sameInAll: readonly string[] = ['key', 'keys', 'text', 'name', 'id', 'count'];

/** The values of a form in its order; what this release does not know is shown as it came. */
export function linesOf(form: Form, values: Readonly<Record<string, unknown>>): Line[] {
  const known = Object.entries(form).flatMap(([name, { type }]): Line[] => {
    const value = values[name];
    if (value === undefined) return [];
    return [
      {
        name,
        label: ({ words }) => wordOf(words.phrases.fields, name),
        value: (reading) => <FieldValue name={name} type={type} value={value} reading={reading} />,
        isOne: sameInAll.includes(type),
      },
    ];
  });
  const unknown = Object.entries(values)
    .filter(([name]) => !Object.hasOwn(form, name))
    .map(([name, value]): Line => ({ name, label: () => name, value: () => JSON.stringify(value), isOne: true }));
  return [...known, ...unknown];
}

function FieldValue(props: {
  name: string;
  type: Form[string]['type'];
  value: unknown;
  reading: Reading;
}): ReactElement {
  const { name, type, value, reading } = props;
  const { words, format, language } = reading;
  const coded = (code: string): string =>
    wordOf((words.phrases.values as Readonly<Record<string, object>>)[name], code);
  switch (type) {
    case 'key':
      return <Identifier of={value as string} />;
    case 'keys':
      return <Several of={(value as readonly string[]).map((key) => [key, <Identifier key={key} of={key} />])} />;
    case 'amount':
      return <>{moneyIn(value as Money, reading)}</>;
    case 'instant':
      return <time dateTime={value as string}>{format.instant(value as string)}</time>;
    case 'text':
      return <Written text={value as FreeText} />;
    case 'country':
      return <>{`${countryIn(value as string, language)} (${value as string})`}</>;
    case 'code':
      return <>{coded(value as string)}</>;
    case 'codes':
      return <Several of={(value as readonly string[]).map((code) => [code, coded(code)])} />;
    case 'flag':
      return <>{value === true ? words.sentences.yes : words.sentences.no}</>;
    case 'id':
      return name === 'trace' ? (
        <Identifier of={`trace:${value as string}`} />
      ) : (
        <span className="mono">{value as string}</span>
      );
    case 'payments':
      return <Payments of={value as readonly NamedPayment[]} reading={reading} />;
    default:
      return <>{String(value)}</>;
  }
}

function Several({ of }: { of: readonly (readonly [key: string, shown: ReactNode])[] }): ReactElement {
  return (
    <ul className="liaison-several">
      {of.map(([key, shown]) => (
        <li key={key}>{shown}</li>
      ))}
    </ul>
  );
}

function Payments({ of, reading }: { of: readonly NamedPayment[]; reading: Reading }): ReactElement {
  const { words, format } = reading;
  const { labels, cash } = words.sentences;
  return (
    <ul className="liaison-several">
      {of.map((payment, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- Two payments may be alike in all.
        <li key={at}>
          <strong>{moneyIn(payment.amount, reading)}</strong> · {format.instant(payment.at)}
          <dl className="facts liaison-payment">
            {payment.from === undefined ? null : <dt>{labels.paidFrom}</dt>}
            {payment.from === undefined ? null : (
              <dd>
                <Identifier of={payment.from} />
              </dd>
            )}
            <dt>{labels.paidTo}</dt>
            <dd>{payment.to === undefined ? cash : <Identifier of={payment.to} />}</dd>
            {payment.reference === undefined ? null : <dt>{labels.reference}</dt>}
            {payment.reference === undefined ? null : <dd className="mono">{payment.reference}</dd>}
          </dl>
        </li>
      ))}
    </ul>
  );
}

const moneyIn = (money: Money, { format, words }: Reading): string =>
  `${format.money(money)} (${wordOf(words.phrases.currencies, money.currency)})`;

/** Two languages side by side, line by line: what is the same in both stands once. */
export function SideBySide({
  lines,
  readings,
}: {
  lines: readonly Line[];
  readings: readonly [Reading, Reading];
}): ReactElement {
  const [mine, theirs] = readings;
  return (
    <div className="liaison-sides">
      <div className="liaison-side-head" aria-hidden>
        {readings.map(({ language }) => (
          <strong key={language} lang={language}>
            {nativeNames[language]}
          </strong>
        ))}
      </div>
      {lines.map(({ name, label, value, isOne = false }) => (
        <dl key={name} className={`liaison-line ${isOne ? 'one' : ''}`}>
          <div lang={mine.language}>
            <dt>{label(mine)}</dt>
            <dd>{value(mine)}</dd>
          </div>
          <div lang={theirs.language} className="liaison-theirs">
            <dt>{label(theirs)}</dt>
            {isOne ? null : <dd>{value(theirs)}</dd>}
          </div>
        </dl>
      ))}
    </div>
  );
}
