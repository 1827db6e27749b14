import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { Suspense, useEffect, useState, type ReactElement } from 'react';
import { keepDraftsOf } from '../link/draft.ts';
import { closeLive, openLive, useLiveState } from '../link/live.ts';
import { SessionContext, sessionQuery, useDesk, type Session } from '../link/session.ts';
import { rememberKeys } from '../ui/keys.ts';
import { Failed, Loading } from '../ui/states.tsx';
import { Gates } from './gates.tsx';
import { LostLine } from './lost-line.tsx';
import { Navigation } from './navigation.tsx';
import { ProfileSync } from './profile-sync.tsx';
import { SetUp } from './set-up.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { SignIn } from './sign-in.tsx';
import { TopBar } from './top-bar.tsx';
import { UrgentCount } from './urgent-count.ts';
import './shell.css';

/** Around every screen: who is signed in, where to go, what is heard from the server. Asks to sign in first. */
export function Frame(): ReactElement {
  const desk = useDesk();
  const session = useQuery({ ...sessionQuery, refetchInterval: 5 * 60_000 });
  useEffect(rememberKeys, []);
  const [last, setLast] = useState<Session | null>(null);
  if (session.data !== undefined && session.data !== null && session.data !== last) setLast(session.data);
  const known = session.data ?? last;
  if (desk.data === undefined || session.data === undefined) {
    const failed = desk.error ?? session.error;
    return failed === null ? (
      <Loading />
    ) : (
      <Failed error={failed} again={() => void Promise.all([desk.refetch(), session.refetch()])} />
    );
  }
  // A session that ended asks for the password over the page: what was typed there stays.
  if (known !== null) return <SignedIn session={known} isOver={session.data === null} />;
  return desk.data.needsSetUp ? <SetUp member={desk.data.member} /> : <SignIn member={desk.data.member} />;
}

function SignedIn({ session, isOver }: { session: Session; isOver: boolean }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  // Before any screen looks for its drafts.
  useState(() =>
    keepDraftsOf(session.kind === 'officer' ? session.officer : `${session.institution} ${session.clerk}`),
  );
  const isAtTop = useLocation({ select: ({ pathname }) => pathname === '/' });
  const hears = session.permissions.includes('alerts.read');
  useHearing(hears);
  // On a wall nothing is around the picture.
  const isWall = useLocation({
    select: ({ pathname, search }) => pathname === '/' && (search as { wall?: string }).wall === '1',
  });
  return (
    <SessionContext value={session}>
      <ProfileSync />
      <UrgentCount />
      <div className={`desk ${isWall ? 'desk-bare' : ''}`}>
        {isWall ? null : <TopBar isMenuOpen={isOpen} onMenu={() => setOpen((open) => !open)} />}
        {hears ? <LostLine /> : null}
        {isWall ? null : <Navigation isOpen={isOpen} onGone={() => setOpen(false)} />}
        {isOpen && !isWall ? <Veil onClick={() => setOpen(false)} /> : null}
        <div className="desk-main">
          <Suspense fallback={<Loading />}>
            {session.kind === 'institution' && isAtTop ? <Navigate to="/institution" replace /> : <Outlet />}
          </Suspense>
        </div>
      </div>
      <Gates isOver={isOver} />
      <ShortcutHelp />
    </SessionContext>
  );
}

/** Beside the open navigation on a small screen: a touch closes it, and so does Escape. */
function Veil({ onClick }: { onClick: () => void }): ReactElement {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClick();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, [onClick]);
  return <div className="desk-veil" onClick={onClick} aria-hidden />;
}

/** Only who may read alerts is told what happens; a line that is lost may be lost because the session is over. */
function useHearing(hears: boolean): void {
  const client = useQueryClient();
  const isLost = useLiveState() === 'lost';
  useEffect(() => {
    if (!hears) return undefined;
    openLive();
    return closeLive;
  }, [hears]);
  useEffect(() => {
    if (hears && isLost) void client.invalidateQueries({ queryKey: ['/v1/desk/session'] });
  }, [hears, isLost, client]);
}
