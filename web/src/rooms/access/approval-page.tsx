import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Approval } from '../../../../server/src/access/contract.ts';
import { get } from '../../link/call.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useParam } from '../../link/view.ts';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { Columns } from '../../ui/columns.tsx';
import { FactTree } from '../../ui/fact-tree.tsx';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';
import { ApprovalActs } from './approval-acts.tsx';
import { ApprovalStateTag, useActText } from './approval-names.tsx';
import { ApprovalWhat } from './approval-what.tsx';
import './approval.css';

/** One proposal: what exactly would be done, why, who wants it, until when; and the decision. */
export function Screen(): ReactElement {
  const { t } = useWords('access');
  const text = useActText();
  const id = useParam('id');
  const path = `/v1/approvals/${id}`;
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Approval>(path, { purpose: 'investigation', signal }),
  });
  useFreshness(['approval'], [path]);
  const found = query.data;
  return (
    <Page
      title={found === undefined ? t('approval.title') : text(found.act, found.variant)}
      beside={
        found === undefined ? undefined : (
          <>
            <ApprovalStateTag state={found.state} />
            {found.performed ? <Tag tone="cinnabar">{t('approval.performed')}</Tag> : null}
          </>
        )
      }
      acts={<Link to="/approvals">{t('approval.back')}</Link>}
    >
      <Shown query={query}>{(approval) => <Sheet approval={approval} />}</Shown>
    </Page>
  );
}

function Sheet({ approval }: { approval: Approval }): ReactElement {
  const { t } = useWords('access');
  const { performed, state, proposer, proposedAt, decideBy, decidedBy, decidedAt, note } = approval;
  const isOpen = state === 'open';
  // What was done before its review is undone by a rejection, and where nobody reviewed it in time.
  const isDone = state === 'approved' || (performed && isOpen);
  return (
    <Columns
      main={
        <>
          <Panel title={t(isDone ? 'approval.what.performed' : isOpen ? 'approval.what' : 'approval.what.proposed')}>
            <ApprovalWhat approval={approval} />
          </Panel>
          <Panel>
            <details>
              <summary>{t('approval.raw')}</summary>
              <div className="approval-raw">
                <FactTree of={approval.payload} />
              </div>
            </details>
          </Panel>
        </>
      }
      side={
        <>
          <Panel title={t('approval.who')}>
            <Facts
              facts={[
                [t('approval.proposer'), proposer],
                [t('approval.proposed-at'), <Instant key="at" at={proposedAt} />],
                [
                  t('approval.decide-by'),
                  isOpen ? (
                    <strong key="by">
                      <Countdown until={decideBy} from={proposedAt} />
                    </strong>
                  ) : undefined,
                ],
                [t('approval.until'), <Instant key="until" at={decideBy} />],
                [t('approval.decided-by'), decidedBy],
                [t('approval.decided-at'), decidedAt === null ? undefined : <Instant key="decided" at={decidedAt} />],
                [t('approval.note'), note],
              ]}
            />
          </Panel>
          <ApprovalActs approval={approval} />
        </>
      }
    />
  );
}
