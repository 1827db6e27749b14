import type { ReactElement } from 'react';
import { Refused } from '../link/call.ts';
import { useParamWords } from './params.ts';
import { hasWords, useWords } from './words.ts';

/** Why something did not work and what to do, in the officer's language; with what support needs to find it again. */
export function RefusalNotice({ error }: { error: unknown }): ReactElement {
  const { text, detail } = useRefusalText()(error);
  return (
    <div className="notice tone-cinnabar" role="alert">
      <p>{text}</p>
      {detail === '' ? null : <p className="mono faint">{detail}</p>}
    </div>
  );
}

export function useRefusalText(): (error: unknown) => { text: string; detail: string } {
  const { t } = useWords('refusals');
  const words = useParamWords();
  return (error) => {
    if (!(error instanceof Refused)) return { text: t('family.defect'), detail: String(error) };
    const { code, params, status, requestId } = error;
    const family = `family.${code.split('.')[0]}`;
    const key = [code, family].find((one) => hasWords(`refusals:${one}`)) ?? 'family.other';
    const detail = [code.startsWith('family.') ? '' : code, requestId ?? ''].filter((part) => part !== '').join(' · ');
    return { text: t(key, { ...words.values(params, code) }), detail: status === 0 ? '' : detail };
  };
}
