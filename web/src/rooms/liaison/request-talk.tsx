import type { ReactElement, ReactNode } from 'react';
import { answerForm } from '@bronze-drum/protocol/requests';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Conversation } from '../../../../server/src/liaison/contract.ts';
import { useSession } from '../../link/session.ts';
import { wordOf } from '../../ui/other-words.ts';
import { Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import type { Tone } from '../../ui/mark.tsx';
import { useSaid, useWords } from '../../ui/words.ts';
import { linesOf, SideBySide, Written, type Reading } from './reading.tsx';
import { BothTimes } from './request-tags.tsx';
import { Exhibits } from './request-exhibits.tsx';
import { otherOf } from './standing.ts';

type Deed = Conversation['deeds'][number];

const tones: Readonly<Record<Deed['deed'], Tone>> = {
  received: 'stone',
  acknowledged: 'bronze',
  'in-work': 'bronze',
  'partly-answered': 'patina',
  answered: 'patina',
  refused: 'cinnabar',
  withdrawn: 'stone',
  said: 'stone',
  escalated: 'cinnabar',
};

/** What both books say, in the order in which it was said: theirs at the beginning of the line, ours at its end. */
export function Talk({
  of,
  readings,
}: {
  of: Conversation;
  readings: readonly [Reading, Reading] | undefined;
}): ReactElement {
  const { t } = useWords('liaison');
  const { request, revisions, deeds } = of;
  const entries = [
    ...revisions.map((one) => ({ at: one.at, by: request.from, revision: one, deed: undefined })),
    ...deeds.map((one) => ({ at: one.at, by: one.by, revision: undefined, deed: one })),
  ].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return (
    <Panel title={t('talk')}>
      {entries.length === 0 ? <Empty title={t('talk.empty')} /> : null}
      <ol className="liaison-talk">
        {entries.map(({ at, by, revision, deed }) =>
          deed === undefined ? (
            <Entry key={`revision ${revision.revision}`} of={of} by={by} at={at} author={revision.author}>
              <Tag tone="indigo">
                {revision.revision === 1 ? t('talk.sent') : t('talk.revised', { number: revision.revision })}
              </Tag>
              <Exhibits of={revision.body.exhibits} from={by} />
            </Entry>
          ) : (
            <Entry key={`${by} ${deed.body.number}`} of={of} by={by} at={at} author={deed.author}>
              <Said deed={deed} readings={readings} />
            </Entry>
          ),
        )}
      </ol>
    </Panel>
  );
}

function Entry(props: { of: Conversation; by: string; at: string; author: Author; children: ReactNode }): ReactElement {
  const { of, by, at, author, children } = props;
  const { member: self } = useSession();
  return (
    <li className={`liaison-entry ${by === self ? 'ours tone-bronze' : 'theirs tone-indigo'}`}>
      <div className="liaison-entry-head">
        <strong>
          <MemberName code={by} />
        </strong>
        <AuthorName of={author} />
        <BothTimes at={at} member={otherOf(of.request)} />
      </div>
      {children}
    </li>
  );
}

function AuthorName({ of }: { of: Author }): ReactElement {
  const { t } = useWords('liaison');
  if ('rule' in of) return <span className="soft">{t('by-rule')}</span>;
  const name = 'officer' in of ? of.officer : 'institution' in of ? of.institution : '';
  return <span className="soft">{[name, of.office].filter((part) => part !== '').join(' · ')}</span>;
}

function Said({ deed, readings }: { deed: Deed; readings: readonly [Reading, Reading] | undefined }): ReactElement {
  const { t } = useWords('liaison');
  const said = useSaid();
  const { refusal, facts, text, exhibits } = deed.body;
  const [, theirs] = readings ?? [];
  return (
    <>
      <p className="liaison-tags">
        <Tag tone={tones[deed.deed] ?? 'stone'}>{said('deeds', deed.deed)}</Tag>
        {refusal === undefined ? null : (
          <span>
            {said('requestRefusals', refusal)}
            {theirs === undefined ? null : (
              <span className="soft" lang={theirs.language}>
                {` · ${wordOf(theirs.words.phrases.requestRefusals, refusal)}`}
              </span>
            )}
          </span>
        )}
        {deed.deed === 'escalated' ? <span className="soft">{t('talk.escalated')}</span> : null}
      </p>
      {facts === undefined || readings === undefined ? null : (
        <SideBySide lines={linesOf(answerForm, facts)} readings={readings} />
      )}
      {text === undefined ? null : (
        <p className="liaison-quote">
          <Written text={text} />
        </p>
      )}
      <Exhibits of={exhibits} from={deed.by} />
    </>
  );
}
