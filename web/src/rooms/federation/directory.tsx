import type { ReactElement } from 'react';
import type { DirectoryView } from '../../../../server/src/directory/contract.ts';
import { post } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { ActButton } from '../../ui/act.tsx';
import { Instant } from '../../ui/clock.tsx';
import { Facts, Panel } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { MemberName, Tag } from '../../ui/tag.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import { PauseNotice } from './link-detail.tsx';
import type { PartyLine } from './standing.ts';

type ProposalLine = DirectoryView['proposals'][number];

/** Who takes part, by which keys; and what waits for signatures. */
export function Directory({ directory, at }: { directory: DirectoryView; at: string | undefined }): ReactElement {
  const { t } = useWords('federation');
  const { parties, proposals, founding, digest, self } = directory;
  return (
    <>
      {proposals.length === 0 ? null : (
        <Panel title={t('proposals.title')}>
          <p className="soft">{t('proposals.text')}</p>
          <div className="federation-cards">
            {proposals.map((proposal) => (
              <Proposal key={proposal.id} proposal={proposal} self={self} />
            ))}
          </div>
        </Panel>
      )}
      {parties.length === 0 ? (
        <Panel>
          <Empty title={t('parties.empty')}>{t('parties.empty.hint')}</Empty>
        </Panel>
      ) : (
        <div className="federation-cards">
          {parties.map((party) => (
            <Party key={party.party} party={party} isSelf={party.party === self} isOpen={party.party === at} />
          ))}
        </div>
      )}
      <Panel title={t('directory.title')}>
        <p className="soft">{t('directory.text')}</p>
        <Facts
          facts={[
            [
              t('directory.founding'),
              founding === null ? (
                t('directory.none')
              ) : (
                <span key="founding" className="mono">
                  {founding}
                </span>
              ),
            ],
            [
              t('directory.digest'),
              <span key="digest" className="mono">
                {digest}
              </span>,
            ],
          ]}
        />
      </Panel>
    </>
  );
}

function Party({ party, isSelf, isOpen }: { party: PartyLine; isSelf: boolean; isOpen: boolean }): ReactElement {
  const { t } = useWords('federation');
  return (
    <Panel
      className={isOpen ? 'federation-chosen' : ''}
      title={
        <>
          <MemberName code={party.party} />
          <Tag tone={party.role === 'member' ? 'bronze' : 'indigo'}>{t(`terms:partyRole.${party.role}`)}</Tag>
          {isSelf ? <Tag tone="patina">{t('self')}</Tag> : null}
        </>
      }
    >
      {party.pause === null ? null : <PauseNotice pause={party.pause} />}
      <Facts
        facts={[
          [t('fact.name'), party.name],
          [
            t('fact.address'),
            <span key="address" className="mono">
              {party.address}
            </span>,
          ],
        ]}
      />
      <details>
        <summary>{t('keys.title', { count: party.keys.length })}</summary>
        <ul className="federation-list">
          {party.keys.map(({ use, publicKey, validFrom, validUntil, compromisedSince }) => (
            <li key={use + publicKey}>
              <strong>{t(`terms:keyUse.${use}`)}</strong>{' '}
              {compromisedSince === null ? null : (
                <Tag tone="cinnabar">
                  {t('keys.compromised')} <Instant at={compromisedSince} />
                </Tag>
              )}
              <br />
              <span className="mono">{publicKey}</span>
              <br />
              <span className="soft">
                {t('keys.from')} <Instant at={validFrom} />
                {validUntil === null ? null : (
                  <>
                    {' · '}
                    {t('keys.until')} <Instant at={validUntil} />
                  </>
                )}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </Panel>
  );
}

function Proposal({ proposal, self }: { proposal: ProposalLine; self: string }): ReactElement {
  const { t } = useWords('federation');
  const may = useMay();
  const { id, body, signed, missing, outdated } = proposal;
  const isOurs = missing.includes(self);
  return (
    <article className="panel federation-proposal">
      <h3>
        {t(`terms:directoryRecord.${body.kind}`)}{' '}
        {outdated ? <Tag tone="cinnabar">{t('proposals.outdated')}</Tag> : null}
      </h3>
      <p>{t(`proposals.what.${body.kind}`)}</p>
      <Facts
        facts={[
          ...factsOf(body, t),
          [t('proposals.at'), <Instant key="at" at={body.at} />],
          [t('proposals.signed'), <Parties key="signed" codes={signed} tone="patina" />],
          [t('proposals.missing'), <Parties key="missing" codes={missing} tone="ochre" />],
          [
            t('proposals.id'),
            <span key="id" className="mono">
              {id}
            </span>,
          ],
        ]}
      />
      {outdated ? <p>{t('proposals.outdated.hint')}</p> : null}
      {isOurs && !outdated && may('directory.cosign') ? (
        <ActButton
          color="bronze"
          act={() => post(`/v1/directory/proposals/${id}/cosign`)}
          touches={['/v1/directory']}
          done={t('cosign.done')}
          confirm={{ title: t('cosign.title'), text: <p>{t(`cosign.${body.kind}`)}</p>, yes: t('cosign.yes') }}
        >
          {t('cosign.open')}
        </ActButton>
      ) : null}
      {isOurs && !may('directory.cosign') ? <p className="soft">{t('cosign.others')}</p> : null}
    </article>
  );
}

function factsOf(body: ProposalLine['body'], t: (key: string) => string): [string, ReactElement | string][] {
  if (body.kind === 'founding')
    return [
      [t('proposals.parties'), <Parties key="parties" codes={body.parties.map(({ party }) => party)} tone="stone" />],
    ];
  if (body.kind === 'admission')
    return [
      [t('proposals.party'), <MemberName key="party" code={body.party.party} />],
      [t('fact.name'), body.party.name],
      [t('fact.role'), t(`terms:partyRole.${body.party.role}`)],
      [
        t('fact.address'),
        <span key="address" className="mono">
          {body.party.address}
        </span>,
      ],
    ];
  return [
    [t('proposals.party'), <MemberName key="party" code={body.party} />],
    [t('proposals.use'), t(`terms:keyUse.${body.use}`)],
    [t('proposals.since'), <Instant key="since" at={body.since} />],
    [
      t('proposals.compromised'),
      <span key="old" className="mono">
        {body.compromised}
      </span>,
    ],
    [
      t('proposals.key'),
      <span key="new" className="mono">
        {body.publicKey}
      </span>,
    ],
  ];
}

function Parties({ codes, tone }: { codes: readonly string[]; tone: 'patina' | 'ochre' | 'stone' }): ReactElement {
  const nameOf = useMemberName();
  if (codes.length === 0) return <span>–</span>;
  return (
    <span className="federation-tags">
      {codes.map((code) => (
        <Tag key={code} tone={tone}>
          {nameOf(code)}
        </Tag>
      ))}
    </span>
  );
}
