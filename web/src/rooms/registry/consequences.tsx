import type { ReactElement } from 'react';
import { useOfficer } from '../../link/session.ts';
import { useFormat } from '../../ui/format.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { Panel } from '../../ui/page.tsx';
import { useWords } from '../../ui/words.ts';
import { consequencesOf, endOfDay, type ClaimDraft, type Word } from './claim.ts';
import { useMembersText } from './codes.ts';

/** Before anything is saved: in plain words, what will follow from the choices that were made. */
export function Consequences({
  claim,
  types,
  missing,
}: {
  claim: ClaimDraft;
  types: readonly string[];
  /** What stands in the way, once somebody tried to send it. */
  missing: readonly Word[];
}): ReactElement {
  const { t } = useWords('registry');
  const format = useFormat();
  const { timeZone } = usePreferences().preferences;
  const { member } = useOfficer();
  const nameOf = useMembersText();
  const dayOf = (day: string): string => format.day(endOfDay(day, timeZone));
  const follows = consequencesOf(claim, { member, types, nameOf, dayOf });
  return (
    <Panel title={t('follows.title')} className="registry-follows">
      <ul aria-live="polite">
        {follows.map(({ code, values }) => (
          <li key={code}>{t(`follows.${code}`, values)}</li>
        ))}
      </ul>
      {missing.length === 0 ? null : (
        <div className="notice tone-ochre">
          <p>
            <strong>{t('needs.title')}</strong>
          </p>
          {missing.map(({ code, values }) => (
            <p key={code}>{t(`needs.${code}`, values)}</p>
          ))}
        </div>
      )}
    </Panel>
  );
}
