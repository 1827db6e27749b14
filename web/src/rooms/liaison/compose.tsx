import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { requestForms, requestKinds, type RequestKind } from '@bronze-drum/protocol/requests';
import type { Conversation } from '../../../../server/src/liaison/contract.ts';
import type { RequestBody } from '@bronze-drum/protocol/statements/request';
import { get } from '../../link/call.ts';
import { oneOf, useView } from '../../link/view.ts';
import { Page } from '../../ui/page.tsx';
import { Loading, Shown } from '../../ui/states.tsx';
import { useWords, type Language } from '../../ui/words.ts';
import { ComposeForm } from './compose-form.tsx';
import './liaison.css';
import { noWords, type Composed, type Mode } from './composed.ts';
import { typedOf, type TypedForm } from './typed-form.ts';

interface View {
  readonly draft: string | undefined;
  readonly revise: string | undefined;
  readonly kind: RequestKind | undefined;
  readonly to: string | undefined;
  readonly about: string | undefined;
  readonly trace: string | undefined;
  readonly alert: string | undefined;
}

const idOf = (text: string | undefined): string | undefined =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text ?? '') ? text : undefined;

const readView = (raw: Readonly<Record<string, string>>): View => ({
  draft: idOf(raw['draft']),
  revise: idOf(raw['revise']),
  kind: oneOf(raw['kind'], requestKinds),
  to: /^[a-z]{2}$/.test(raw['to'] ?? '') ? raw['to'] : undefined,
  about: raw['about'],
  trace: idOf(raw['trace']),
  alert: idOf(raw['alert']),
});

/** A new request, a draft that is changed, or what was sent and is put right. */
export function Screen(): ReactElement {
  const { t, language } = useWords('liaison');
  const [view] = useView(readView);
  const id = view.draft ?? view.revise;
  const known = useQuery({
    queryKey: [`/v1/requests/${id}`],
    enabled: id !== undefined,
    queryFn: ({ signal }) => get<Conversation>(`/v1/requests/${id}`, { purpose: 'request', signal }),
  });
  const mode: Mode = view.revise !== undefined ? 'revise' : view.draft !== undefined ? 'draft' : 'new';
  return (
    <Page title={t(`compose.${mode}`)}>
      {id === undefined ? (
        <ComposeForm
          key={`new ${view.about} ${view.trace} ${view.alert}`}
          mode="new"
          initial={blankOf(view, language)}
        />
      ) : known.data === undefined ? (
        known.error === null ? (
          <Loading />
        ) : (
          <Shown query={known}>{() => null}</Shown>
        )
      ) : (
        <ComposeForm key={id} mode={mode} id={id} initial={composedOf(known.data, mode)} />
      )}
    </Page>
  );
}

/** What an alert, a trace or an identifier’s page gives along is filled in where the form of the kind has a place for it. */
function blankOf({ kind, to = '', about, trace, alert }: View, language: Language): Composed {
  const chosen = kind ?? (trace === undefined ? 'information' : 'stop-payment');
  return {
    kind: chosen,
    to,
    desk: '',
    officer: '',
    priority: 'P2',
    offence: 'telecom-online-fraud',
    purpose: 'investigation',
    legalBasis: '',
    necessity: noWords(language),
    tlp: 'AMBER',
    conditions: [],
    restriction: '',
    details: Object.fromEntries(requestKinds.map((one) => [one, given(one, about, trace)])),
    exhibits: [],
    links: [
      ...(trace === undefined ? [] : [{ kind: 'trace' as const, id: trace }]),
      ...(alert === undefined ? [] : [{ kind: 'alert' as const, id: alert }]),
    ],
  };
}

function given(kind: RequestKind, about: string | undefined, trace: string | undefined): TypedForm {
  const fields = Object.entries(requestForms[kind]);
  const named = fields.find(([, { type }]) => type === 'key' || type === 'keys')?.[0];
  const traced = fields.find(([name, { type }]) => type === 'id' && name === 'trace')?.[0];
  return {
    ...(named !== undefined && about !== undefined && { [named]: about }),
    ...(traced !== undefined && trace !== undefined && { [traced]: trace }),
  };
}

function composedOf({ body, draft, handling, links }: Conversation, mode: Mode): Composed {
  const written = mode === 'draft' && draft !== null ? (draft.body as RequestBody) : body;
  const { kind, to, priority, offence, purpose, legalBasis, necessity, details } = written;
  return {
    kind,
    to: to.member,
    desk: to.desk ?? '',
    officer: to.officer ?? '',
    priority,
    offence,
    purpose,
    legalBasis,
    necessity,
    tlp: handling.tlp,
    conditions: handling.conditions,
    restriction: handling.restriction ?? '',
    details: { [kind]: typedOf(requestForms[kind], details) },
    exhibits: mode === 'draft' && draft !== null ? draft.exhibits : body.exhibits.map(({ id }) => id),
    links,
  };
}
