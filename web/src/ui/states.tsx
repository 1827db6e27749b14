import { Button } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { Beating, Mark } from './mark.tsx';
import { RefusalNotice } from './refusal.tsx';
import { useWords } from './words.ts';

/** Something is being read. */
export function Loading({ what }: { what?: string }): ReactElement {
  const { t } = useWords('ui');
  const label = what ?? t('loading');
  return (
    <div className="state" role="status">
      <Beating label={label} />
      <span>{label}</span>
    </div>
  );
}

/** There is nothing, and that is known; `children` say what would be here or what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="state">
      <Mark size={44} />
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** It could not be read; what is the matter, and again. */
export function Failed({ error, again }: { error: unknown; again?: () => void }): ReactElement {
  const { t } = useWords('ui');
  return (
    <div className="state">
      <RefusalNotice error={error} />
      {again === undefined ? null : (
        <Button variant="default" onClick={again}>
          {t('again')}
        </Button>
      )}
    </div>
  );
}

interface Asked<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  refetch(): unknown;
}

/** What a query gave, or why there is nothing yet: for whatever is one thing rather than a list. */
export function Shown<Data>({
  query,
  children,
}: {
  query: Asked<Data>;
  children: (data: Data) => ReactNode;
}): ReactElement {
  const { t } = useWords('ui');
  if (query.data === undefined)
    return query.error === null ? <Loading /> : <Failed error={query.error} again={() => void query.refetch()} />;
  return (
    <>
      {query.error === null ? null : (
        <div className="notice tone-ochre" role="status">
          <p>{t('stale')}</p>
        </div>
      )}
      {children(query.data)}
    </>
  );
}
