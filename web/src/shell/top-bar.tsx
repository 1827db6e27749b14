import { ActionIcon, Burger, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { call } from '../link/call.ts';
import { forgetDrafts } from '../link/draft.ts';
import { useLiveState } from '../link/live.ts';
import { useMay, useSession } from '../link/session.ts';
import { timeZoneOf, useFormat } from '../ui/format.ts';
import { Mark } from '../ui/mark.tsx';
import { useNow } from '../ui/now.ts';
import { usePreferences } from '../ui/preferences.ts';
import { languages, loadFonts, nativeNames, useWords } from '../ui/words.ts';
import { SearchBox } from './search-box.tsx';

export function TopBar({ isMenuOpen, onMenu }: { isMenuOpen: boolean; onMenu: () => void }): ReactElement {
  const { t } = useWords('shell');
  const session = useSession();
  const may = useMay();
  return (
    <header className="desk-top">
      <a href="#main" className="desk-skip">
        {t('skip')}
      </a>
      <Burger
        className="desk-burger"
        size="sm"
        opened={isMenuOpen}
        onClick={onMenu}
        aria-label={t('navigation')}
        aria-expanded={isMenuOpen}
        aria-controls="navigation"
      />
      <Link to="/" className="desk-brand">
        <Mark size={26} title="Bronze Drum" />
        <span className="desk-brand-name">{t(`member.${session.member}`)}</span>
      </Link>
      <SearchBox />
      <div className="desk-top-end">
        <WallClock member={session.member} />
        {may('alerts.read') ? <LiveSign /> : null}
        <PersonMenu />
      </div>
    </header>
  );
}

/** This member's time, and this officer's own if they sit elsewhere. */
function WallClock({ member }: { member: string }): ReactElement {
  const { t } = useWords('shell');
  const format = useFormat();
  const nowMs = useNow();
  const here = format.time(nowMs);
  const there = format.time(nowMs, timeZoneOf[member]);
  return (
    <span className="soft desk-wide nowrap">
      {here}
      {there === here ? '' : ` · ${t(`member.${member}`)} ${there}`}
    </span>
  );
}

/** Whether what is on screen moves as things happen. */
function LiveSign(): ReactElement {
  const { t } = useWords('shell');
  const state = useLiveState();
  const tone = state === 'live' ? 'patina' : state === 'lost' ? 'cinnabar' : 'ochre';
  return (
    <span className={`tone-${tone} nowrap live-sign`} role="status" title={t(`live.${state}.what`)}>
      <span className="dot" aria-hidden /> <span className="live-sign-text">{t(`live.${state}`)}</span>
    </span>
  );
}

function PersonMenu(): ReactElement {
  const { t, language } = useWords('shell');
  const session = useSession();
  const client = useQueryClient();
  const { change } = usePreferences();
  const name = session.kind === 'officer' ? session.name : session.clerk;
  const signOut = async (): Promise<void> => {
    await call('DELETE', '/v1/desk/session').catch(() => undefined);
    forgetDrafts();
    client.clear();
    location.assign('/');
  };
  return (
    <Menu position="bottom-end" width={250} onOpen={loadFonts}>
      <Menu.Target>
        <ActionIcon variant="default" size="md" aria-label={t('person', { name })}>
          {[...name][0] ?? '·'}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name}
          <br />
          {session.kind === 'officer' ? session.office.name : session.name}
        </Menu.Label>
        {session.kind === 'officer' ? (
          <Menu.Item component={Link} to="/profile">
            {t('nav.profile')}
          </Menu.Item>
        ) : null}
        <Menu.Divider />
        <Menu.Label>{t('language')}</Menu.Label>
        {languages.map((each) => (
          <Menu.Item
            key={each}
            lang={each}
            onClick={() => change({ language: each })}
            rightSection={each === language ? '✓' : null}
          >
            {nativeNames[each]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>{t('sign-out')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
