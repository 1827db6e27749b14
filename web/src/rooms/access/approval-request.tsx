import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { RequestBody } from '@bronze-drum/protocol/statements/request';
import type { Conversation, NewDeedBody } from '../../../../server/src/liaison/contract.ts';
import { get } from '../../link/call.ts';
import { FactTree } from '../../ui/fact-tree.tsx';
import { Facts } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { MemberName, PriorityTag } from '../../ui/tag.tsx';
import { useFieldWords, useSaid, useWords } from '../../ui/words.ts';
import { Says, Why, type WhatProps } from './approval-parts.tsx';

function useConversation(id: string) {
  const path = `/v1/requests/${id}`;
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Conversation>(path, { purpose: 'request', signal }),
  });
}

/** The fields of a form with their labels, coded values in words. */
function FormFacts({ fields }: { fields: object }): ReactElement {
  const { label, value } = useFieldWords();
  const shown = Object.entries(fields).map(([name, one]: [string, unknown]) => [name, inWords(name, one)] as const);
  function inWords(name: string, one: unknown): unknown {
    if (typeof one === 'string') return value(name, one);
    return Array.isArray(one) ? one.map((each) => inWords(name, each)) : one;
  }
  return <FactTree of={Object.fromEntries(shown)} label={label} />;
}

/** A request leaves for another member: to whom, what it asks and why. */
export function SendWhat({ payload }: WhatProps): ReactElement {
  const { t } = useWords('access');
  const said = useSaid();
  const { id, despite } = payload as { readonly id: string; readonly despite?: boolean };
  const query = useConversation(id);
  return (
    <Shown query={query}>
      {({ request, body, draft }) => {
        const { kind, purpose, legalBasis, necessity, details, offence } = (draft?.body ?? body) as RequestBody;
        return (
          <>
            <Says>
              {t('approval.says.send', { kind: said('requestKinds', kind), member: said('members', request.to) })}
            </Says>
            <Facts
              facts={[
                [t('approval.request.to'), <MemberName key="to" code={request.to} />],
                [t('approval.request.priority'), <PriorityTag key="priority" priority={request.priority} />],
                [t('approval.request.purpose'), said('purposes', purpose)],
                [t('approval.request.offence'), said('offences', offence)],
                [t('approval.request.basis'), legalBasis],
                [t('approval.request.details'), <FormFacts key="details" fields={details} />],
                [t('approval.request.despite'), despite === true ? t('approval.request.despite.yes') : undefined],
                [
                  t('approval.request.page'),
                  <Link key="page" to={`/requests/${id}`}>
                    {t('approval.request.open')}
                  </Link>,
                ],
              ]}
            />
            <Why text={necessity.text} language={necessity.language} />
          </>
        );
      }}
    </Shown>
  );
}

/** An answer leaves for another member. */
export function AnswerWhat({ payload }: WhatProps): ReactElement {
  const { t } = useWords('access');
  const said = useSaid();
  const { id, said: answer } = payload as { readonly id: string; readonly said: NewDeedBody };
  const query = useConversation(id);
  const facts = 'facts' in answer ? answer.facts : undefined;
  const refusal = 'refusal' in answer ? answer.refusal : undefined;
  return (
    <Shown query={query}>
      {({ request }) => (
        <>
          <Says>
            {t('approval.says.answer', {
              kind: said('requestKinds', request.kind),
              member: said('members', request.direction === 'in' ? request.from : request.to),
            })}
          </Says>
          <Facts
            facts={[
              [t('approval.request.deed'), said('deeds', answer.deed)],
              [t('approval.request.refusal'), refusal === undefined ? undefined : said('requestRefusals', refusal)],
              [
                t('approval.request.details'),
                facts === undefined ? undefined : <FormFacts key="facts" fields={facts} />,
              ],
              [
                t('approval.request.page'),
                <Link key="page" to={`/requests/${id}`}>
                  {t('approval.request.open')}
                </Link>,
              ],
            ]}
          />
          <Why title={t('approval.request.words')} text={answer.text?.text} language={answer.text?.language} />
        </>
      )}
    </Shown>
  );
}
