import { useQuery } from '@tanstack/react-query';
import { Fragment, type ReactElement } from 'react';
import type { Order } from '@bronze-drum/protocol/orders';
import { Letter } from '../letter.tsx';
import { useOtherWords } from '../other-words.ts';
import { Loading } from '../states.tsx';
import type { Language } from '../words.ts';

/** The order as a letter. Its words are the protocol's: the same on paper as on the server. */
export function OrderSheet({
  order,
  language,
  timeZone,
}: {
  order: Order;
  language: Language;
  timeZone: string;
}): ReactElement {
  // Brings the font of the language.
  useOtherWords(language);
  const { data: sheet } = useQuery({
    queryKey: ['order-letter', order.id, order.revision, order.state, language, timeZone],
    staleTime: Infinity,
    queryFn: async () => (await import('@bronze-drum/protocol/rendering/sheet')).orderSheet(order, language, timeZone),
  });
  if (sheet === undefined) return <Loading />;
  return (
    <Letter>
      <div lang={language}>
        <h2>
          {sheet.title}: {sheet.subject}
        </h2>
        <p>{sheet.opening}</p>
        {sheet.sections.map(({ title, lines }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {lines.map(({ name, label, value, language: own }) => (
                <Fragment key={`${name} ${label}`}>
                  <dt>{label}</dt>
                  <dd lang={own}>{value}</dd>
                </Fragment>
              ))}
            </dl>
          </section>
        ))}
        <p>{sheet.closing}</p>
        <div className="letter-sign">{sheet.signHere}</div>
        <p className="letter-foot">{sheet.printed}</p>
      </div>
    </Letter>
  );
}
