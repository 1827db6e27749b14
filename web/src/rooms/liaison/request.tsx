import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, type ReactElement } from 'react';
import type { Conversation, Request } from '../../../../server/src/liaison/contract.ts';
import { get, post } from '../../link/call.ts';
import { useLive } from '../../link/live.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { oneOf, useGo, useParam, useView } from '../../link/view.ts';
import { useAct } from '../../ui/act.tsx';
import { Columns } from '../../ui/columns.tsx';
import { shortId } from '../../ui/identifier.tsx';
import { useShortcuts } from '../../ui/keys.ts';
import { Page } from '../../ui/page.tsx';
import { Presence } from '../../ui/presence.tsx';
import { SecondedNotice, useSeconded } from '../../ui/second-person.tsx';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { languages, useSaid, useWords, type Language } from '../../ui/words.ts';
import { DraftPanel } from './draft-panel.tsx';
import { useReadings } from './reading.tsx';
import { Clocks } from './request-clocks.tsx';
import { Deeds, useSay, Withdraw } from './request-deeds.tsx';
import { Exhibits } from './request-exhibits.tsx';
import { AskedFacts } from './request-facts.tsx';
import { Assign, Hands, Notes, Related, touchesOf } from './request-hands.tsx';
import { Letters } from './request-letters.tsx';
import { Other, Priority, State } from './request-tags.tsx';
import { Talk } from './request-talk.tsx';
import './liaison.css';
import { besideLanguage, isDraft, mayDo, otherOf } from './standing.ts';

/** Reads it again when the stream tells of it; every reading is recorded, so not of any other. */
function useNews(id: string): void {
  const client = useQueryClient();
  const hear = useCallback(
    (event: string, data: unknown) => {
      const { id: told, topic } = data as { id?: string; topic?: string };
      if ((event === 'request' && told === id) || (event === 'more' && topic === 'requests'))
        void client.invalidateQueries({ queryKey: [`/v1/requests/${id}`] });
    },
    [client, id],
  );
  useLive(hear);
}

export function Screen(): ReactElement {
  const id = useParam('id');
  const { t } = useWords('liaison');
  const said = useSaid();
  useNews(id);
  const query = useQuery({
    queryKey: [`/v1/requests/${id}`],
    queryFn: ({ signal }) => get<Conversation>(`/v1/requests/${id}`, { purpose: 'request', signal }),
  });
  const request = query.data?.request;
  return (
    <Page
      title={request === undefined ? t('request') : said('requestKinds', request.kind)}
      beside={request === undefined ? null : <Beside request={request} />}
      acts={query.data === undefined ? null : <Acts of={query.data} />}
    >
      <Shown query={query}>{(of) => <Whole of={of} />}</Shown>
    </Page>
  );
}

function Beside({ request }: { request: Request }): ReactElement {
  const { t } = useWords('liaison');
  return (
    <span className="liaison-tags">
      <Priority of={request.priority} />
      <State of={request.state} />
      {request.overdue.length > 0 ? <Tag tone="cinnabar">{t('late')}</Tag> : null}
      {request.waits ? <Tag tone="ochre">{t('terms:waits')}</Tag> : null}
      <Other request={request} />
      <span className="mono faint" title={request.id}>
        {shortId(request.id)}
      </span>
    </span>
  );
}

function Whole({ of }: { of: Conversation }): ReactElement {
  const { request, body } = of;
  const { language } = useWords('liaison');
  const [{ beside: chosen }, change] = useView(({ beside }) => ({ beside: oneOf(beside, languages) }));
  const beside: Language = chosen ?? besideLanguage(language, body.language, otherOf(request));
  const readings = useReadings(beside, otherOf(request));
  const { seconded, note } = useSeconded();
  return (
    <div className="liaison-request">
      <Presence at={`request:${request.id}`} />
      <SecondedNotice {...seconded} />
      <Columns
        main={
          <>
            {of.draft === null ? null : <DraftPanel of={of} onDone={note} />}
            <Clocks of={of} />
            <AskedFacts of={of} readings={readings} beside={beside} onBeside={(one) => change({ beside: one })} />
            {isDraft(request.state) ? null : <Talk of={of} readings={readings} />}
            <Deeds of={of} onDone={note} />
          </>
        }
        side={
          <>
            <Hands of={of} />
            <Notes of={of} />
            <Related of={of} />
            <Given of={of} />
            <Letters id={request.id} beside={beside} />
          </>
        }
      />
    </div>
  );
}

/** All exhibits that either side gave, in one place. */
function Given({ of }: { of: Conversation }): ReactElement | null {
  const { request, body, deeds } = of;
  const given = deeds.filter(({ by }) => by === request.to).flatMap((deed) => deed.body.exhibits);
  if (body.exhibits.length + given.length === 0) return null;
  return (
    <section className="panel">
      <Exhibits of={body.exhibits} from={request.from} />
      <Exhibits of={given} from={request.to} />
    </section>
  );
}

function Acts({ of }: { of: Conversation }): ReactElement | null {
  const { request } = of;
  const { t } = useWords('liaison');
  const may = useMay();
  const go = useGo();
  const { officer } = useOfficer();
  const { note } = useSeconded();
  const saying = useSay({ of, onDone: note });
  const isIn = request.direction === 'in';
  const isMine = may(isIn ? 'liaison.answer' : 'liaison.ask');
  const mayTake = isMine && request.owner !== officer;
  const quick = (['acknowledged', 'in-work'] as const).filter(
    (deed) => isMine && mayDo(request.direction, request.state, deed),
  );
  const taking = useAct<void, Request>({
    act: async () => post<Request>(`/v1/requests/${request.id}/take`, {}, { purpose: 'request' }),
    done: () => t('taken'),
    touches: touchesOf(request.id),
  });
  const shortcuts = useMemo(
    () => [
      { keys: 'u', label: t('back'), act: () => go('/requests') },
      ...(mayTake ? [{ keys: 't', label: t('take'), act: () => taking.mutate() }] : []),
      ...quick.map((deed) => ({
        keys: deed === 'acknowledged' ? 'a' : 'w',
        label: t(`do.${deed}`),
        act: () => saying.mutate({ deed }),
      })),
      ...(isMine
        ? [
            {
              keys: 'r',
              label: t('say'),
              act: () => document.querySelector<HTMLElement>('#liaison-say textarea')?.focus(),
            },
          ]
        : []),
    ],
    [t, go, mayTake, taking, quick, saying, isMine],
  );
  useShortcuts(shortcuts);
  return (
    <>
      {mayTake ? (
        <Button variant="default" loading={taking.isPending} onClick={() => taking.mutate()}>
          {t('take')}
        </Button>
      ) : null}
      {quick.map((deed) => (
        <Button
          key={deed}
          variant="default"
          loading={saying.isPending && saying.variables.deed === deed}
          onClick={() => saying.mutate({ deed })}
        >
          {t(`do.${deed}`)}
        </Button>
      ))}
      {isMine ? <Assign request={request} /> : null}
      {!isIn && isMine && request.revision > 0 && request.state !== 'withdrawn' ? (
        <Button variant="default" component={Link} to={`/requests/new?revise=${request.id}`}>
          {t('revise')}
        </Button>
      ) : null}
      <Withdraw of={of} onDone={note} />
    </>
  );
}
