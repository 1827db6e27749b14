import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { DirectoryView } from '../../../../server/src/directory/contract.ts';
import type { Cosigned, Links } from '../../../../server/src/federation/contract.ts';
import { get, post } from '../../link/call.ts';
import { useDraft } from '../../link/draft.ts';
import { useMay } from '../../link/session.ts';
import { ActForm } from '../../ui/act-form.tsx';
import { Actor } from '../../ui/actor.tsx';
import { useBookText } from '../../ui/book.tsx';
import { Instant } from '../../ui/clock.tsx';
import { Failed } from '../../ui/states.tsx';
import { saveBlob } from '../../ui/save.ts';
import { MemberName } from '../../ui/tag.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import { ReasonField } from './reason-field.tsx';

type Fork = Cosigned['forks'][number];

/** What nobody may overlook: two histories, a server that is cut off, a server that recovers. */
export function Alarms({
  directory,
  links,
}: {
  directory: DirectoryView | undefined;
  links: Links | undefined;
}): ReactElement {
  const { t } = useWords('federation');
  const may = useMay();
  const isolation = directory?.isolation ?? null;
  const recovering = links?.recovering ?? [];
  return (
    <>
      {may('federation.read') ? <Forks /> : null}
      {isolation === null ? null : (
        <div className="notice tone-cinnabar" role="alert">
          <p>
            <strong>{t('isolated.title')}</strong> {t('isolated.text')}
          </p>
          <p>
            {isolation.reason} · <Instant at={isolation.at} /> · <Actor id={isolation.by} />
          </p>
        </div>
      )}
      {recovering.length === 0 ? null : (
        <div className="notice tone-ochre" role="status">
          <p>
            <strong>{t('recovery.title')}</strong> {t('recovery.text')}
          </p>
          {recovering.map((party) => (
            <p key={party} className="federation-tags">
              <MemberName code={party} /> <WaiveButton party={party} />
            </p>
          ))}
        </div>
      )}
    </>
  );
}

function Forks(): ReactElement | null {
  const { t } = useWords('federation');
  const nameOf = useMemberName();
  const bookText = useBookText();
  const forks = useQuery({
    queryKey: ['/v1/federation/forks'],
    queryFn: ({ signal }) => get<{ forks: readonly Fork[] }>('/v1/federation/forks', { signal }),
    refetchInterval: 30_000,
  });
  if (forks.data === undefined)
    return forks.error === null ? null : <Failed error={forks.error} again={() => void forks.refetch()} />;
  if (forks.data.forks.length === 0) return null;
  return (
    <div className="notice tone-cinnabar federation-fork" role="alert">
      <p>
        <strong>{t('fork.title')}</strong> {t('fork.text')}
      </p>
      {forks.data.forks.map((fork) => (
        <div key={`${fork.member}/${fork.book}`}>
          <p>
            <strong>{t('fork.of', { member: nameOf(fork.member), book: bookText(fork.book) })}</strong>{' '}
            <Button variant="default" onClick={() => saveProof(fork)}>
              {t('fork.save')}
            </Button>
          </p>
          <details>
            <summary>{t('fork.notes')}</summary>
            <p>{t('fork.earlier')}</p>
            <pre className="mono">{fork.earlier}</pre>
            <p>{t('fork.later')}</p>
            <pre className="mono">{fork.later}</pre>
          </details>
        </div>
      ))}
    </div>
  );
}

function saveProof(fork: Fork): void {
  const blob = new Blob([JSON.stringify(fork, undefined, 2)], { type: 'application/json' });
  saveBlob(blob, `two-histories-${fork.member}-${fork.book.replaceAll('+', '-')}.json`);
}

/** After a restore: go on without a reader that does not answer. What it alone knew is lost. */
function WaiveButton({ party }: { party: string }): ReactElement | null {
  const { t } = useWords('federation');
  const nameOf = useMemberName();
  const may = useMay();
  const [isOpen, opening] = useDisclosure(false);
  const { draft, change, clear } = useDraft(`waive:${party}`, { reason: '' });
  const member = nameOf(party);
  if (!may('directory.cosign')) return null;
  return (
    <>
      <Button variant="default" onClick={opening.open}>
        {t('waive.open')}
      </Button>
      <ActForm
        opened={isOpen}
        onClose={opening.close}
        title={t('waive.title', { member })}
        what={<p>{t('waive.what', { member })}</p>}
        submit={t('waive.yes')}
        color="cinnabar"
        isReady={draft.reason.trim() !== ''}
        act={() => post(`/v1/federation/recovery/${party}/waive`, { reason: draft.reason.trim() })}
        touches={['/v1/federation/links']}
        done={() => t('waive.done', { member })}
        after={clear}
      >
        <ReasonField reason={draft.reason} onChange={(reason) => change({ reason })} />
      </ActForm>
    </>
  );
}
