import { Button, Group, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { Appeal } from '../../../../server/src/redress/contract.ts';
import { get, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useMay } from '../../link/session.ts';
import { useParam } from '../../link/view.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { Actor } from '../../ui/actor.tsx';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { captionOf, Identifier } from '../../ui/identifier.tsx';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { AppealedAct, AppealStateTag, ContestedLink } from './appeal-act.tsx';
import './redress.css';

/** One appeal: who contests what and why, until when it must be decided, and the decision. */
export function Screen(): ReactElement {
  const { t } = useWords('redress');
  const id = useParam('id');
  const path = `/v1/appeals/${id}`;
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Appeal>(path, { purpose: 'appeal', signal }),
  });
  const appeal = query.data;
  return (
    <Page
      title={appeal === undefined ? t('appeal.title') : t('appeal.title-of', { subject: captionOf(appeal.subject) })}
      beside={appeal === undefined ? undefined : <AppealStateTag state={appeal.state} />}
    >
      <Shown query={query}>{(found) => <Sheet appeal={found} />}</Shown>
    </Page>
  );
}

function Sheet({ appeal }: { appeal: Appeal }): ReactElement {
  const { t } = useWords('redress');
  const { decidedBy, decidedAt, decisionGrounds, releases } = appeal;
  return (
    <Columns
      main={
        <Panel>
          <h2 className="redress-head">{t('appeal.grounds')}</h2>
          <blockquote className="redress-words">{appeal.grounds}</blockquote>
          <Facts
            facts={[
              [
                t('appeal.appellant'),
                <span key="who" className="redress-who">
                  {appeal.appellant}
                </span>,
              ],
              [t('appeal.act'), <AppealedAct key="act" appeal={appeal} />],
              [t('appeal.subject'), <Identifier key="subject" of={appeal.subject} />],
              [t('appeal.contested'), <ContestedLink key="contested" appeal={appeal} />],
              [t('appeal.lodged-by'), <Actor key="by" id={appeal.lodgedBy} />],
              [t('appeal.lodged-at'), <Instant key="at" at={appeal.lodgedAt} />],
            ]}
          />
        </Panel>
      }
      side={
        appeal.state === 'lodged' ? (
          <Deciding appeal={appeal} />
        ) : (
          <Panel title={t('decision.title')}>
            <Facts
              facts={[
                [t('appeal.state'), <AppealStateTag key="state" state={appeal.state} />],
                [
                  t('decision.follows'),
                  releases === undefined ? undefined : t(releases ? 'decision.releases' : 'decision.stands'),
                ],
                [t('decision.by'), decidedBy === undefined ? undefined : <Actor key="by" id={decidedBy} />],
                [t('decision.at'), decidedAt === undefined ? undefined : <Instant key="at" at={decidedAt} />],
                [t('decision.grounds'), decisionGrounds],
              ]}
            />
          </Panel>
        )
      }
    />
  );
}

const choices = ['upheld', 'dismissed', 'withdrawn'] as const;
type Choice = (typeof choices)[number];

function Deciding({ appeal }: { appeal: Appeal }): ReactElement {
  const { t } = useWords('redress');
  const may = useMay();
  const [choice, setChoice] = useState<Choice | undefined>(undefined);
  const offered = choices.filter((one) => may(one === 'withdrawn' ? 'redress.lodge' : 'redress.decide'));
  const { decideBy, lodgedAt, act } = appeal;
  return (
    <Panel title={t('deciding.title')}>
      <p className="redress-clock">
        {t('deciding.within')} <Countdown until={decideBy} from={lodgedAt} />
        <br />
        <span className="soft">
          <Instant at={decideBy} />
        </span>
      </p>
      <p className="soft">{t('deciding.lapse')}</p>
      <p>{t('deciding.own')}</p>
      <Group gap="xs">
        {offered.map((one) => (
          <Button
            key={one}
            variant={one === 'withdrawn' ? 'default' : 'light'}
            color={colors[one]}
            onClick={() => setChoice(one)}
          >
            {t(`decide.${one}`)}
          </Button>
        ))}
      </Group>
      {choice === undefined ? null : (
        <Decide
          appeal={appeal}
          choice={choice}
          what={t(act.kind === 'hold' ? `decide.${choice}.hold` : `decide.${choice}.listing`)}
          onClose={() => setChoice(undefined)}
        />
      )}
    </Panel>
  );
}

const colors: Readonly<Record<Choice, string>> = { upheld: 'patina', dismissed: 'cinnabar', withdrawn: 'stone' };

interface DecideProps {
  readonly appeal: Appeal;
  readonly choice: Choice;
  /** What will follow. */
  readonly what: string;
  readonly onClose: () => void;
}

function Decide({ appeal, choice, what, onClose }: DecideProps): ReactElement {
  const { t } = useWords('redress');
  const { draft, change, clear } = useDraft(`appeal:${appeal.id}`, { grounds: '' });
  const grounds = draft.grounds.trim();
  const path = `/v1/appeals/${appeal.id}`;
  return (
    <ActForm
      opened
      onClose={onClose}
      title={t(`decide.${choice}`)}
      what={<p style={{ margin: 0 }}>{what}</p>}
      submit={t(`decide.${choice}`)}
      color={colors[choice]}
      act={() =>
        choice === 'withdrawn'
          ? post<Appeal>(`${path}/withdrawal`, { grounds }, { purpose: 'appeal' })
          : post<Appeal>(`${path}/decision`, { outcome: choice, grounds }, { purpose: 'appeal' })
      }
      done={() => t(`decide.${choice}.done`)}
      touches={['/v1/appeals', path, '/v1/holds', `/v1/holds/${appeal.act.id}`]}
      after={clear}
      isReady={grounds !== ''}
    >
      <Textarea
        label={t('decision.grounds')}
        description={t('decide.grounds.hint')}
        required
        data-autofocus
        maxLength={2000}
        value={draft.grounds}
        onChange={({ currentTarget }) => change({ grounds: currentTarget.value })}
      />
    </ActForm>
  );
}
