import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ExhibitPage } from '../../../../server/src/evidence/contract.ts';
import { get } from '../../link/call.ts';
import { useMay } from '../../link/session.ts';
import { useFormat } from '../../ui/format.ts';
import { useWords } from '../../ui/words.ts';

const shownMax = 200;
const givenMax = 20;

/** Exhibits that are here, to be given along. Only what was taken in or fetched can be given. */
export function ExhibitChoice(props: {
  value: readonly string[];
  onChange: (value: readonly string[]) => void;
}): ReactElement | null {
  const { value, onChange } = props;
  const { t } = useWords('liaison');
  const format = useFormat();
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['/v1/exhibits', { limit: shownMax }],
    enabled: may('evidence.read'),
    queryFn: ({ signal }) =>
      get<ExhibitPage>('/v1/exhibits', { query: { limit: shownMax }, purpose: 'request', signal }),
  });
  const exhibits = (data?.exhibits ?? []).filter(({ state }) => state === 'held');
  if (exhibits.length === 0) return null;
  return (
    <details className="liaison-more" open={value.length > 0}>
      <summary>{t('exhibits.give', { count: value.length })}</summary>
      <Checkbox.Group value={[...value]} onChange={(chosen) => onChange(chosen.slice(0, givenMax))}>
        <ul className="liaison-several">
          {exhibits.map(({ id, title, bytes, collectedAt }) => (
            <li key={id}>
              <Checkbox value={id} label={`${title} · ${format.bytes(bytes)} · ${format.instant(collectedAt)}`} />
            </li>
          ))}
        </ul>
      </Checkbox.Group>
    </details>
  );
}
