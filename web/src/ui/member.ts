import { useCallback } from 'react';
import { useSaid, useWords } from './words.ts';

/** A member as people call the country, for screens; its official name where this release has no other. */
export function useMemberName(): (code: string) => string {
  const { t } = useWords('shell');
  const said = useSaid();
  return useCallback((code) => t(`shell:member.${code}`, { defaultValue: said('members', code) }), [t, said]);
}
