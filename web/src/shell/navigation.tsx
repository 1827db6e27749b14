import { Link } from '@tanstack/react-router';
import { useMemo, type ReactElement } from 'react';
import { useToDecide } from '../link/counts.ts';
import { navigationGroups, type NavigationLine } from '../link/room.ts';
import { useSession } from '../link/session.ts';
import { useGo } from '../link/view.ts';
import { useFormat } from '../ui/format.ts';
import { useShortcuts } from '../ui/keys.ts';
import { useWords } from '../ui/words.ts';
import { navigation } from './screens.ts';
import { useUrgentCount } from './urgent-count.ts';

/** Where this person may go. */
function useLines(): readonly NavigationLine[] {
  const { kind, permissions } = useSession();
  return useMemo(() => {
    const may = (permission: string): boolean => permissions.includes(permission);
    return navigation.filter(
      ({ for: whom, permission, anyOf }) =>
        (whom === 'institution') === (kind === 'institution') &&
        (permission === undefined || may(permission)) &&
        (anyOf === undefined || anyOf.some(may)),
    );
  }, [kind, permissions]);
}

export function Navigation({ isOpen, onGone }: { isOpen: boolean; onGone: () => void }): ReactElement {
  const { t } = useWords('shell');
  const go = useGo();
  const lines = useLines();
  const counts = useCounts();
  const shortcuts = useMemo(
    () =>
      lines.flatMap(({ key, path, label }) =>
        key === undefined
          ? []
          : [{ keys: `g ${key}`, label: t('shortcut.go', { where: t(label) }), act: () => go(path) }],
      ),
    [lines, t, go],
  );
  useShortcuts(shortcuts);
  return (
    <nav className={`desk-nav ${isOpen ? 'open' : ''}`} aria-label={t('navigation')} id="navigation">
      {navigationGroups.map((group) => {
        const here = lines.filter((line) => line.group === group);
        return here.length === 0 ? null : (
          <section key={group}>
            <h2>{t(`group.${group}`)}</h2>
            {here.map(({ path, label }) => (
              <Link
                key={path}
                to={path}
                onClick={onGone}
                activeOptions={{ exact: ['/', '/institution'].includes(path), includeSearch: false }}
              >
                {t(label)}
                <Count of={counts.get(path)} />
              </Link>
            ))}
          </section>
        );
      })}
    </nav>
  );
}

interface Counted {
  readonly text: string;
  /** What is counted, in words. */
  readonly what: string;
}

function Count({ of: counted }: { of: Counted | undefined }): ReactElement | null {
  return counted === undefined ? null : (
    <span className="desk-nav-count" title={counted.what}>
      <span aria-hidden>{counted.text}</span>
      <span className="visually-hidden">{counted.what}</span>
    </span>
  );
}

/** From here on the server counts no further. */
const alertsMax = 10_000;

/** What waits, by where it is worked on: urgent alerts that nobody has taken, and what a second person must decide. */
function useCounts(): ReadonlyMap<string, Counted> {
  const { t } = useWords('shell');
  const format = useFormat();
  const toDecide = useToDecide().data;
  const urgent = useUrgentCount();
  const counts = new Map<string, Counted>();
  const count = (path: string, what: string, many: number, isMore: boolean): void => {
    if (many === 0) return;
    const text = `${format.number(many)}${isMore ? '+' : ''}`;
    counts.set(path, { text, what: t(what, { count: many, text }) });
  };
  count('/alerts', 'count.alerts', urgent, urgent >= alertsMax);
  count('/approvals', 'count.approvals', toDecide?.approvals.length ?? 0, toDecide?.next !== undefined);
  return counts;
}
