import { Button } from '@mantine/core';
import type { ReactElement } from 'react';
import type { ExhibitRef } from '@bronze-drum/protocol/statements/exhibit';
import type { Exhibit } from '../../../../server/src/evidence/contract.ts';
import { call, callForBlob } from '../../link/call.ts';
import { useMay, useSession } from '../../link/session.ts';
import { useAct } from '../../ui/act.tsx';
import { useFormat } from '../../ui/format.ts';
import { saveBlob } from '../../ui/save.ts';
import { Tag } from '../../ui/tag.tsx';
import { useWords } from '../../ui/words.ts';

/** What was given with a request or an answer: fetched if it lies abroad, checked against what was named, and saved only if it is that. */
export function Exhibits({ of, from }: { of: readonly ExhibitRef[]; from: string }): ReactElement | null {
  const { t } = useWords('liaison');
  if (of.length === 0) return null;
  return (
    <div>
      <h3>{t('exhibits')}</h3>
      <ul className="liaison-several">
        {of.map((exhibit) => (
          <ExhibitLine key={exhibit.id} of={exhibit} from={from} />
        ))}
      </ul>
    </div>
  );
}

/** What comes from abroad is an exhibit of its own here. */
async function readExhibit({ id }: ExhibitRef, abroad: string | undefined): Promise<Blob> {
  const options = { purpose: 'request' } as const;
  const here =
    abroad === undefined
      ? id
      : (await call<Exhibit>('POST', `/v1/exhibits/abroad/${id}/fetch`, { ...options, query: { member: abroad } })).id;
  return callForBlob(`/v1/exhibits/${here}/content`, options);
}

async function isSame(blob: Blob, { sha256, bytes }: ExhibitRef): Promise<boolean> {
  if (blob.size !== bytes) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}

function ExhibitLine({ of, from }: { of: ExhibitRef; from: string }): ReactElement {
  const { t } = useWords('liaison');
  const format = useFormat();
  const may = useMay();
  const { member: self } = useSession();
  const reading = useAct<void, { blob: Blob; same: boolean }>({
    act: async () => {
      const blob = await readExhibit(of, from === self ? undefined : from);
      return { blob, same: await isSame(blob, of) };
    },
    after: ({ blob, same }) => {
      if (same) saveBlob(blob, `exhibit-${of.id}`);
    },
  });
  const same = reading.data?.same;
  return (
    <li>
      {of.title} <span className="faint">{`${format.bytes(of.bytes)} · ${of.mediaType}`}</span>{' '}
      {may('evidence.read') ? (
        <Button variant="subtle" size="compact-xs" loading={reading.isPending} onClick={() => reading.mutate()}>
          {t('exhibit.save')}
        </Button>
      ) : null}
      {same === undefined ? null : (
        <Tag tone={same ? 'patina' : 'cinnabar'}>{t(same ? 'exhibit.same' : 'exhibit.other')}</Tag>
      )}
      <div className="mono faint">{t('exhibit.digest', { digest: of.sha256 })}</div>
    </li>
  );
}
