import { useCallback } from 'react';
import { Refused } from '../../link/call.ts';
import { useMemberName } from '../../ui/member.ts';
import { useRefusalText } from '../../ui/refusal.tsx';
import { useWords } from '../../ui/words.ts';

/** Members' names as one phrase: `Thailand and Laos`. */
export function useMembersText(): (members: readonly string[]) => string {
  const nameOf = useMemberName();
  const { language } = useWords('registry');
  return useCallback(
    (members) => new Intl.ListFormat(language, { type: 'conjunction' }).format(members.map((one) => nameOf(one))),
    [nameOf, language],
  );
}

/** Why something was refused, in words: by the server, the protocol’s parsers, or this desk’s reading of files. */
export function useCodeText(): (code: string, params?: Refused['params']) => string {
  const { t } = useWords('registry');
  const refusalText = useRefusalText();
  return (code, params = {}) => {
    if (code.startsWith('feed.')) return t(`refused.${code}`);
    return refusalText(new Refused({ code, params, status: 409 })).text;
  };
}
