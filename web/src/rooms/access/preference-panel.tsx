import { NativeSelect, Select } from '@mantine/core';
import { useMemo, type ReactElement } from 'react';
import { useOfficer } from '../../link/session.ts';
import { timeZoneOf, useFormat } from '../../ui/format.ts';
import { useNow } from '../../ui/now.ts';
import { Panel } from '../../ui/page.tsx';
import { usePreferences, type Preferences } from '../../ui/preferences.ts';
import { languages, nativeNames, useWords } from '../../ui/words.ts';

const choices = {
  calendar: ['gregorian', 'buddhist'],
  theme: ['auto', 'light', 'dark'],
  density: ['dense', 'roomy'],
} as const satisfies { readonly [Name in 'calendar' | 'theme' | 'density']: readonly Preferences[Name][] };

/** How this officer wants to see it all, at every desk: it holds at once. */
export function PreferencePanel(): ReactElement {
  const { t } = useWords('access');
  const format = useFormat();
  const nowMs = useNow();
  const { preferences, change } = usePreferences();
  return (
    <Panel title={t('preference.title')}>
      <div className="access-form">
        <NativeSelect
          label={t('preference.language')}
          value={preferences.language}
          onChange={({ currentTarget }) => {
            const language = languages.find((one) => one === currentTarget.value);
            if (language !== undefined) change({ language });
          }}
          data={languages.map((language) => ({ value: language, label: nativeNames[language], lang: language }))}
        />
        <ZoneChoice />
        <NativeSelect
          label={t('preference.calendar')}
          description={format.instant(nowMs)}
          value={preferences.calendar}
          onChange={({ currentTarget }) =>
            change({ calendar: currentTarget.value === 'buddhist' ? 'buddhist' : 'gregorian' })
          }
          data={choices.calendar.map((one) => ({ value: one, label: t(`preference.calendar.${one}`) }))}
        />
        <NativeSelect
          label={t('preference.theme')}
          value={preferences.theme}
          onChange={({ currentTarget }) => {
            const theme = choices.theme.find((one) => one === currentTarget.value);
            if (theme !== undefined) change({ theme });
          }}
          data={choices.theme.map((one) => ({ value: one, label: t(`preference.theme.${one}`) }))}
        />
        <NativeSelect
          label={t('preference.density')}
          value={preferences.density}
          onChange={({ currentTarget }) => change({ density: currentTarget.value === 'roomy' ? 'roomy' : 'dense' })}
          data={choices.density.map((one) => ({ value: one, label: t(`preference.density.${one}`) }))}
        />
        <p className="soft">{t('preference.text')}</p>
      </div>
    </Panel>
  );
}

const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zones of the six first, then all others that this browser knows. */
function ZoneChoice(): ReactElement {
  const { t } = useWords('access');
  const { member } = useOfficer();
  const { preferences, change } = usePreferences();
  const zones = useMemo(() => {
    const near = [...new Set([timeZoneOf[member], ...Object.values(timeZoneOf)])].filter((zone) => zone !== undefined);
    return [...near, ...Intl.supportedValuesOf('timeZone').filter((zone) => !near.includes(zone))];
  }, [member]);
  return (
    <Select
      label={t('preference.zone')}
      description={t('preference.zone.hint')}
      searchable
      clearable
      value={preferences.timeZone}
      placeholder={t('preference.zone.own', { zone: ownZone })}
      nothingFoundMessage={t('preference.zone.none')}
      onChange={(timeZone) => change({ timeZone })}
      data={zones}
      limit={60}
    />
  );
}
