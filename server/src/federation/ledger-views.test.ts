import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTestAccess, type TestAccess } from '../access/test-access.ts';
import { openJournal, type Journal } from '../journal/journal.ts';
import { migrate } from '../platform/migrations.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { openLedgerViews } from './ledger-views.ts';

const minuteMs = 60_000;
let la: TestAccess;
let journal: Journal;
let ledger: Ledger;

beforeEach(async () => {
  la = await openTestAccess();
  const { db, clock } = la;
  const onError = (error: unknown) => la.errors.push(error);
  journal = await openJournal({ db, clock, signer: openTestSigner(), member: 'la', onError });
  await migrate(db, 'federation', new URL('migrations/', import.meta.url));
  ledger = openLedger({ db, clock, journal, onError });
});
afterEach(async () => {
  await ledger.close();
  await journal.close();
  await la.close();
});

test('what was refused is read page by page, the newest minute first, each line once', async () => {
  const views = openLedgerViews({ ...la, ledger });
  const auditor = await la.actor(await la.enlist('niran', ['auditor']));
  const refused = ['kh forbidden.paused', 'mm forbidden.paused', 'mm forbidden.book'];
  for (let minute = 0; minute < 3; minute += 1) {
    for (const line of refused) ledger.refused(line.split(' ')[0]!, line.split(' ')[1]!);
    la.clock.advance(minuteMs);
  }
  ledger.refused('th', 'forbidden.paused');
  ledger.refused('th', 'forbidden.paused');
  const lines: string[] = [];
  const sizes: number[] = [];
  for (let after: string | undefined; ;) {
    const page = await views.refusalsPage(auditor, { limit: 4, ...(after !== undefined && { after }) });
    sizes.push(page.refusals.length);
    lines.push(
      ...page.refusals.map(({ minute, party, code, count }) => `${minute.slice(14, 16)} ${party} ${code} ${count}`),
    );
    after = page.next;
    if (after === undefined) break;
  }
  expect(sizes).toEqual([4, 4, 2]);
  expect(lines).toEqual([
    '03 th forbidden.paused 2',
    ...['02', '01', '00'].flatMap((minute) => [
      `${minute} kh forbidden.paused 1`,
      `${minute} mm forbidden.book 1`,
      `${minute} mm forbidden.paused 1`,
    ]),
  ]);
  const one = await views.refusalsPage(auditor, { reader: 'kh', limit: 2 });
  expect([one.refusals.length, one.next === undefined]).toEqual([2, false]);
  await expect(views.refusalsPage(auditor, { after: 'no place', limit: 1 })).rejects.toThrow('malformed.page');
});
