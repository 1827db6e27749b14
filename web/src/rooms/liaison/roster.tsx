import { Button, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import type { OnDuty, Shift, ShiftPage } from '../../../../server/src/liaison/roster-contract.ts';
import { call, get } from '../../link/call.ts';
import { useList } from '../../link/lists.ts';
import { useMay, useOfficer } from '../../link/session.ts';
import { useView } from '../../link/view.ts';
import { ActButton } from '../../ui/act.tsx';
import { Countdown } from '../../ui/clock.tsx';
import { timeZoneOf, useFormat } from '../../ui/format.ts';
import { List, type Column } from '../../ui/list.tsx';
import { dayStartMs } from '../../ui/local-time.ts';
import { useThisMinute } from '../../ui/now.ts';
import { Facts, Page, Panel } from '../../ui/page.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { Shown } from '../../ui/states.tsx';
import { Tag } from '../../ui/tag.tsx';
import { useMemberName } from '../../ui/member.ts';
import { useWords } from '../../ui/words.ts';
import { AddShift, HandOverForm, NameDesk } from './roster-forms.tsx';
import { WeekGrid } from './week-grid.tsx';
import './liaison.css';
import './roster.css';

const dayMs = 86_400_000;
const touches = ['/v1/roster/shifts', '/v1/roster/now'];
const keyOf = ({ id }: Shift): string => id;
const pick = ({ shifts }: ShiftPage): readonly Shift[] => shifts;

/** Who is on duty, and when who is. */
export function Screen(): ReactElement {
  const { t } = useWords('liaison');
  const may = useMay();
  const { preferences } = usePreferences();
  const zone = preferences.timeZone;
  const [{ week }, change] = useView(({ week = '0' }) => ({
    week: /^-?\d{1,3}$/.test(week) ? Number(week) : 0,
  }));
  const nowMs = useThisMinute();
  const todayMs = dayStartMs(nowMs, zone);
  const fromMs = useMemo(() => mondayOf(todayMs, zone, week), [todayMs, zone, week]);
  const untilMs = useMemo(() => dayStartMs(fromMs, zone, 7), [fromMs, zone]);
  const list = useList<ShiftPage, Shift>('/v1/roster/shifts', pick, {
    purpose: 'request',
    query: { from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString(), limit: 200 },
  });
  const format = useFormat();
  const columns = useColumns(may('liaison.roster'));
  const step = (by: number): void => change({ week: week + by === 0 ? undefined : String(week + by) });
  return (
    <Page title={t('roster')}>
      <div className="liaison-roster">
        <div className="liaison-roster-top">
          <Now />
          {may('liaison.roster') ? <AddShift touches={touches} /> : null}
          {may('liaison.answer') ? <HandOverForm touches={[...touches, '/v1/requests']} /> : null}
        </div>
        <Panel
          title={t('week', { from: format.day(fromMs), until: format.day(untilMs - dayMs) })}
          acts={
            <Group gap="xs">
              <Button variant="default" size="compact-xs" onClick={() => step(-1)}>
                {t('week.before')}
              </Button>
              <Button variant="default" size="compact-xs" disabled={week === 0} onClick={() => step(-week)}>
                {t('week.this')}
              </Button>
              <Button variant="default" size="compact-xs" onClick={() => step(1)}>
                {t('week.after')}
              </Button>
            </Group>
          }
        >
          {list.items.length > 0 && !list.hasMore ? (
            <WeekGrid shifts={list.items} fromMs={fromMs} untilMs={untilMs} nowMs={nowMs} zone={zone} />
          ) : null}
          <List
            label={t('shifts')}
            list={list}
            columns={columns}
            keyOf={keyOf}
            height="30rem"
            empty={{ title: t('empty.shifts'), hint: <span>{t('empty.shifts.hint')}</span> }}
          />
        </Panel>
      </div>
    </Page>
  );
}

/** The Monday of the week of a day, so many weeks later. */
function mondayOf(dayMsStart: number, zone: string | null, weeks: number): number {
  const noon = new Date(dayMsStart + dayMs / 2);
  const day = new Intl.DateTimeFormat('en', { weekday: 'short', ...(zone !== null && { timeZone: zone }) }).format(
    noon,
  );
  const since = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(day);
  return dayStartMs(dayMsStart, zone, weeks * 7 - since);
}

function Now(): ReactElement {
  const { t } = useWords('liaison');
  const may = useMay();
  const query = useQuery({
    queryKey: ['/v1/roster/now'],
    refetchInterval: 60_000,
    queryFn: ({ signal }) => get<OnDuty>('/v1/roster/now', { purpose: 'request', signal }),
  });
  return (
    <Panel title={t('now')}>
      <Shown query={query}>
        {({ desk, shifts }) => (
          <Stack gap="sm">
            {shifts.length === 0 ? (
              <p className="notice tone-cinnabar">{t('now.nobody', { deputy: desk.deputy ?? t('owner.nobody') })}</p>
            ) : (
              <ul className="liaison-several liaison-now">
                {shifts.map((shift) => (
                  <li key={shift.id}>
                    <strong>{shift.officer}</strong> <span className="mono">{shift.reach}</span>{' '}
                    <span className="soft">{t('now.until')}</span> <Countdown until={shift.until} from={shift.from} />
                  </li>
                ))}
              </ul>
            )}
            <Facts
              facts={[
                [t('desk'), desk.name],
                [t('desk.deputy'), desk.deputy ?? t('owner.nobody')],
                [t('desk.head'), desk.head ?? t('owner.nobody')],
              ]}
            />
            {may('liaison.roster') ? <NameDesk desk={desk} touches={touches} /> : null}
          </Stack>
        )}
      </Shown>
    </Panel>
  );
}

/** An instant here, and on hover on the clocks of the others. */
function TimeOfAll({ at }: { at: string }): ReactElement {
  const format = useFormat();
  const memberName = useMemberName();
  const others = Object.entries(timeZoneOf).map(([code, zone]) => `${memberName(code)}: ${format.instant(at, zone)}`);
  return (
    <time dateTime={at} title={others.join('\n')}>
      {format.time(at)}
    </time>
  );
}

function useColumns(mayChange: boolean): readonly Column<Shift>[] {
  const { t } = useWords('liaison');
  const { officer } = useOfficer();
  return useMemo(
    () => [
      {
        name: 'officer',
        title: t('shift.officer'),
        cell: (shift) => (
          <>
            {shift.officer} {shift.officer === officer ? <Tag tone="bronze">{t('owner.me')}</Tag> : null}{' '}
            {shift.handedOver ? <Tag>{t('shift.handed-over')}</Tag> : null}
          </>
        ),
      },
      { name: 'from', title: t('shift.from'), cell: ({ from }) => <TimeOfAll at={from} /> },
      { name: 'until', title: t('shift.until'), cell: ({ until }) => <TimeOfAll at={until} /> },
      { name: 'reach', title: t('shift.reach'), cell: ({ reach }) => <span className="mono">{reach}</span> },
      ...(mayChange
        ? [
            {
              name: 'acts',
              title: <span className="visually-hidden">{t('shift.remove')}</span>,
              end: true,
              cell: (shift: Shift) => <RemoveShift shift={shift} />,
            },
          ]
        : []),
    ],
    [t, officer, mayChange],
  );
}

function RemoveShift({ shift }: { shift: Shift }): ReactElement {
  const { t } = useWords('liaison');
  const format = useFormat();
  return (
    <ActButton
      variant="subtle"
      color="cinnabar"
      size="compact-xs"
      act={async () => call('DELETE', `/v1/roster/shifts/${shift.id}`, { purpose: 'request' })}
      done={t('shift.removed')}
      touches={touches}
      confirm={{
        title: t('shift.remove'),
        text: t('shift.remove.what', {
          officer: shift.officer,
          from: format.instant(shift.from),
          until: format.instant(shift.until),
        }),
        yes: t('shift.remove'),
      }}
    >
      {t('shift.remove')}
    </ActButton>
  );
}
