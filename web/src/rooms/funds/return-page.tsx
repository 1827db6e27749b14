import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { Return } from '../../../../server/src/funds/return-contract.ts';
import { get } from '../../link/call.ts';
import { useFreshness } from '../../link/freshness.ts';
import { useMay } from '../../link/session.ts';
import { useParam } from '../../link/view.ts';
import { Actor } from '../../ui/actor.tsx';
import { Countdown, Instant } from '../../ui/clock.tsx';
import { useFormat } from '../../ui/format.ts';
import { Identifier } from '../../ui/identifier.tsx';
import { PrintButton } from '../../ui/letter.tsx';
import { useThisMinute } from '../../ui/now.ts';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { SecondedNotice, useSeconded } from '../../ui/second-person.tsx';
import { Shown } from '../../ui/states.tsx';
import { useWords } from '../../ui/words.ts';
import { AddClaim, DecideReturnForm, PayClaim } from './return-acts.tsx';
import { ReturnStateTag } from './return-state.tsx';
import { ReturnTable } from './return-table.tsx';

/** One return: who claims what, what there is, who is paid what, and what was paid. */
export function Screen(): ReactElement {
  const { t } = useWords('funds');
  const id = useParam('id');
  const path = `/v1/returns/${id}`;
  useFreshness(['approval', 'hold'], [path]);
  const query = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => get<Return>(path, { purpose: 'investigation', signal }),
  });
  return (
    <Page
      title={t('return.title')}
      beside={query.data === undefined ? undefined : <ReturnStateTag state={query.data.state} />}
      acts={<PrintButton />}
    >
      <Shown query={query}>{(found) => <Sheet found={found} />}</Shown>
    </Page>
  );
}

type Asking = 'claim' | 'decide' | Return['claims'][number];

function Sheet({ found }: { found: Return }): ReactElement {
  const { t } = useWords('funds');
  const may = useMay();
  const nowMs = useThisMinute();
  const { seconded, note } = useSeconded();
  const [asking, setAsking] = useState<Asking | undefined>(undefined);
  const close = (): void => setAsking(undefined);
  const isOpen = found.state === 'open';
  const isInTime = nowMs <= Date.parse(found.claimsUntil);
  const mayReturn = may('funds.return');
  return (
    <>
      <SecondedNotice {...seconded} />
      <Head found={found} />
      <Panel
        title={t('return.who-gets-what')}
        acts={
          isOpen && mayReturn ? (
            <Group gap="xs">
              {isInTime ? (
                <Button variant="default" onClick={() => setAsking('claim')}>
                  {t('return.add-claim')}
                </Button>
              ) : null}
              <Button disabled={found.claims.length === 0} onClick={() => setAsking('decide')}>
                {t('return.decide')}
              </Button>
            </Group>
          ) : undefined
        }
      >
        <ReturnTable found={found} pay={mayReturn && found.state === 'decided' ? setAsking : undefined} />
      </Panel>
      {asking === 'claim' ? <AddClaim found={found} onClose={close} /> : null}
      {asking === 'decide' ? <DecideReturnForm found={found} note={note} onClose={close} /> : null}
      {typeof asking === 'object' ? <PayClaim found={found} claim={asking} onClose={close} /> : null}
    </>
  );
}

function Head({ found }: { found: Return }): ReactElement {
  const { t } = useWords('funds');
  const format = useFormat();
  const { state, claimsUntil, openedAt, openedBy, traces, available, court, decidedBy, decidedAt, method } = found;
  return (
    <Panel className="return-head">
      <Facts
        facts={[
          [
            t('return.available'),
            available.length === 0 ? (
              t('return.available.none')
            ) : (
              <strong key="available">{available.map((money) => format.money(money)).join(' + ')}</strong>
            ),
          ],
          [
            t('return.claims-until'),
            <span key="until">
              <Instant at={claimsUntil} />{' '}
              {state === 'open' ? (
                <>
                  · <Countdown until={claimsUntil} from={openedAt} />
                </>
              ) : null}
            </span>,
          ],
          [
            t('return.traces'),
            <span key="traces">
              {traces.map((trace) => (
                <span key={trace}>
                  <Identifier of={`trace:${trace}`} />{' '}
                </span>
              ))}
            </span>,
          ],
          [t('return.court'), court],
          [t('return.method'), method === undefined ? undefined : t(`terms:returnMethod.${method}`)],
          [
            t('return.decided-by'),
            decidedBy === undefined ? undefined : (
              <span key="by">
                {decidedBy.map((actor) => (
                  <span key={actor}>
                    <Actor id={actor} />{' '}
                  </span>
                ))}
              </span>
            ),
          ],
          [t('return.decided-at'), decidedAt === undefined ? undefined : <Instant key="decided" at={decidedAt} />],
          [t('return.opened-by'), <Actor key="opened" id={openedBy} />],
          [t('return.opened-at'), <Instant key="opened-at" at={openedAt} />],
        ]}
      />
    </Panel>
  );
}
