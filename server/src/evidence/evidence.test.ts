import { hash } from 'node:crypto';
import { request } from 'node:http';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ExhibitBody } from '@bronze-drum/protocol/statements/exhibit';
import { openTestAlliance, type TestAlliance } from '../directory/test-calls.ts';
import { password } from '../access/test-access.ts';
import { brokenAt, sealEntry } from './chain.ts';
import type { Exhibit, ExhibitPage, ExhibitWithCustody } from './contract.ts';
import { openTestEvidence, said, type TestEvidence } from './test-evidence.ts';

let alliance: TestAlliance;
let t: TestEvidence;
let officer: string;
let supervisor: string;
let auditor: string;
let bank: string;
let otherBank: string;

beforeAll(async () => {
  alliance = openTestAlliance();
  t = await openTestEvidence(alliance, 'th');
  officer = await t.enlist('malee', ['duty-officer']);
  supervisor = await t.enlist('somchai', ['supervisor']);
  auditor = await t.enlist('auditor', ['auditor']);
  bank = await t.institution('bangkok-bank');
  otherBank = await t.institution('other-bank');
});
afterAll(async () => {
  await alliance.close();
  await t.close();
});

const get = async (id: string, token = officer) =>
  (await t.call('GET', `/v1/exhibits/${id}`, token)).body as unknown as ExhibitWithCustody;
const acts = async (id: string) => (await get(id)).custody!.map(({ act }) => act);
const pathOf = ({ sha256 }: Exhibit) => join(t.folder, 'blobs', sha256.slice(0, 2), sha256.slice(2));

describe('taking an exhibit in', () => {
  test('an officer brings a file, and it is sealed in the journal at once', async () => {
    const { status, body } = await t.take(officer, 'a slip', {}, 'Image/JPEG; charset=x');
    expect(status).toBe(201);
    const exhibit = body as unknown as Exhibit;
    expect(exhibit).toMatchObject({
      sha256: hash('sha256', 'a slip'),
      bytes: 6,
      mediaType: 'image/jpeg',
      state: 'held',
      handling: { tlp: 'AMBER', conditions: [] },
      takenBy: { office: 'national-centre', officer: 'malee' },
      entries: 1,
    });
    const sealed = (await t.said('domestic', 'exhibit')).at(-1)!.statement!;
    const { body: statement } = sealed as { body: ExhibitBody };
    expect(sealed.envelope.subject).toBe(`exhibit:${exhibit.id}`);
    expect(statement).toMatchObject({ act: 'sealed', custody: exhibit.head, exhibit: { sha256: exhibit.sha256 } });
    expect((await get(exhibit.id)).custody).toMatchObject([
      { number: 1, act: 'sealed', details: { sha256: exhibit.sha256, title: said().title }, digest: exhibit.head },
    ]);
  });

  test('a title may be anything, and is never a path', async () => {
    const titles = ['../../../../etc/passwd', 'C:\\x', '$(reboot)', '<script>', 'ใบ\u202eเสร็จ', "'; DROP TABLE x; --"];
    for (const title of titles) {
      const exhibit = await t.taken(officer, `titled ${title}`, { title });
      expect(exhibit.title).toBe(title);
      const { headers } = await t.raw(`/v1/exhibits/${exhibit.id}/content`, officer);
      expect(headers).toMatchObject({
        'content-disposition': `attachment; filename="exhibit-${exhibit.id}"`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': 'sandbox',
      });
      await t.blobs.has(exhibit);
      expect(pathOf(exhibit)).toContain(join(t.folder, 'blobs'));
    }
  });

  test('what cannot be an exhibit is refused with a code, and nothing stays', async () => {
    const before = (await Array.fromAsync(t.blobs.stored())).flat().length;
    const refused: [string, Record<string, string>, string][] = [
      ['malformed.empty', {}, ''],
      ['malformed.digest', { sha256: '0'.repeat(64) }, 'x'],
      ['malformed.instant', { collectedAt: '2025-13-01T00:00:00.000Z' }, 'x'],
      ['evidence.collected-later', { collectedAt: '2026-02-01T00:00:00.000Z' }, 'x'],
      ['malformed.schema', { means: 'magic' }, 'x'],
      ['malformed.schema', { title: '' }, 'x'],
      ['malformed.schema', { conditions: 'H9' }, 'x'],
      ['malformed.schema', { surprise: 'x' }, 'x'],
      ['malformed.nul', { title: 'a\0b' }, 'x'],
    ];
    for (const [code, change, content] of refused)
      expect(await t.take(officer, content, change), JSON.stringify(change)).toMatchObject({ code });
    expect(await t.take(officer, 'x', {}, 'text')).toMatchObject({ status: 415 });
    expect(await t.take(auditor, 'x')).toMatchObject({ code: 'forbidden.permission' });
    expect(await t.take('nobody', 'x')).toMatchObject({ status: 401 });
    expect((await Array.fromAsync(t.blobs.stored())).flat()).toHaveLength(before);
  });

  test('more than may be in one exhibit is refused without being read', async () => {
    const response = await t.http.inject({
      method: 'POST',
      url: `/v1/exhibits?${new URLSearchParams(said())}`,
      headers: { authorization: `Bearer ${officer}`, 'content-length': String(300 * 1024 * 1024) },
      payload: 'x',
    });
    expect(response.json()).toMatchObject({ code: 'too-large.blob', status: 413 });
  });

  test('a body that breaks off is no exhibit', async () => {
    const listed = async () =>
      ((await t.call('GET', '/v1/exhibits?limit=200', officer)).body as unknown as ExhibitPage).exhibits.length;
    const before = await listed();
    const { port } = new URL(t.party.address!);
    await new Promise<void>((resolve) => {
      const sent = request({
        port,
        method: 'POST',
        path: `/v1/exhibits?${new URLSearchParams(said())}`,
        headers: { authorization: `Bearer ${officer}`, 'content-length': '1000', 'content-type': 'image/png' },
      });
      sent.on('error', () => resolve());
      sent.write('half of it', () => setTimeout(() => sent.destroy(), 50));
    });
    await vi.waitFor(async () => {
      const left = (await Array.fromAsync(t.blobs.stored())).flat();
      expect(left).not.toContain(hash('sha256', 'half of it'));
      expect(await listed()).toBe(before);
    });
    expect(t.errors).toEqual([]);
  });
});

describe('custody', () => {
  test('whoever reads the content stands in the chain and in the journal before the first byte leaves', async () => {
    const exhibit = await t.taken(officer, 'read me');
    expect(await t.raw(`/v1/exhibits/${exhibit.id}/content`, officer, '')).toMatchObject({ status: 403 });
    const { status, body, headers } = await t.raw(`/v1/exhibits/${exhibit.id}/content`, officer);
    expect([status, String(body)]).toEqual([200, 'read me']);
    expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'content-length': '7' });
    const { custody, head, entries } = await get(exhibit.id);
    expect(custody![1]).toMatchObject({
      number: 2,
      act: 'read',
      by: { office: 'national-centre', officer: 'malee' },
      place: 'server:th',
      details: { purpose: 'investigation' },
      before: exhibit.head,
    });
    expect(entries).toBe(2);
    const [anchor] = (await t.said('domestic', 'exhibit-custody')).slice(-1);
    expect(anchor!.statement!.body).toEqual({ exhibit: exhibit.id, number: 2, act: 'read', custody: head });
    const reads = await t.call('GET', '/v1/access/reads?limit=5', auditor);
    expect(JSON.stringify(reads.body)).toContain(`"what":"evidence.content","subject":"exhibit:${exhibit.id}"`);
  });

  test('what was done with it outside of the server is written down in codes', async () => {
    const exhibit = await t.taken(officer, 'note me');
    const note = { act: 'moved', place: 'vault 3', text: { language: 'th', text: 'ย้ายแล้ว' } };
    const noted = await t.call('POST', `/v1/exhibits/${exhibit.id}/notes`, officer, note);
    expect(noted).toMatchObject({ status: 200, body: { entries: 2 } });
    expect((await get(exhibit.id)).custody![1]).toMatchObject({
      act: 'moved',
      place: 'vault 3',
      details: { language: 'th', text: 'ย้ายแล้ว' },
    });
    const forged = await t.call('POST', `/v1/exhibits/${exhibit.id}/notes`, officer, { ...note, act: 'destroyed' });
    expect(forged.code).toBe('malformed.schema');
    expect((await t.call('POST', `/v1/exhibits/${exhibit.id}/notes`, auditor, note)).status).toBe(403);
  });

  test('acts at the same moment stand one behind the other', async () => {
    const exhibit = await t.taken(officer, 'many hands');
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        t.call('POST', `/v1/exhibits/${exhibit.id}/notes`, officer, { act: 'examined', place: `desk ${n}` }),
      ),
    );
    const { custody } = await get(exhibit.id);
    expect(custody!.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(brokenAt(exhibit.id, custody!)).toBeUndefined();
    const page = await t.call('GET', `/v1/exhibits/${exhibit.id}?after=3&limit=2`, officer);
    expect((page.body['custody'] as { number: number }[]).map(({ number }) => number)).toEqual([4, 5]);
  });

  test('the database itself refuses to change a chain, and a forged one contradicts the journal', async () => {
    const exhibit = await t.taken(officer, 'cannot be rewritten');
    await t.call('POST', `/v1/exhibits/${exhibit.id}/notes`, officer, { act: 'copied', place: 'lab' });
    for (const sql of [
      'UPDATE evidence.custody SET text = text',
      'DELETE FROM evidence.custody',
      'TRUNCATE evidence.custody',
    ])
      await expect(t.db.query(sql)).rejects.toThrow('only grows');
    const { custody } = await get(exhibit.id);
    const { digest: _, ...second } = custody![1]!;
    const forged = sealEntry({ ...second, place: 'elsewhere' });
    const anchors = (await t.said('domestic', 'exhibit-custody')).map(
      ({ statement }) => (statement!.body as { custody: string }).custody,
    );
    expect(anchors).toContain(custody![1]!.digest);
    expect(anchors).not.toContain(forged.digest);
  });
});

describe('institutions', () => {
  test('a bank sees what it brought, and not who had it in their hands', async () => {
    const exhibit = await t.taken(bank, 'from the bank');
    expect(exhibit).not.toHaveProperty('head');
    expect(await get(exhibit.id)).toMatchObject({ takenBy: { institution: 'bangkok-bank' }, entries: 1 });
    await t.raw(`/v1/exhibits/${exhibit.id}/content`, officer);
    const seen = await get(exhibit.id, bank);
    expect(seen).toMatchObject({ id: exhibit.id, collectedFrom: said().collectedFrom });
    for (const name of ['custody', 'entries', 'head', 'disclosures', 'takenBy']) expect(seen).not.toHaveProperty(name);
    expect(String((await t.raw(`/v1/exhibits/${exhibit.id}/content`, bank)).body)).toBe('from the bank');
    expect(await acts(exhibit.id)).toEqual(['sealed', 'read', 'read']);
  });

  test('to another bank it does not exist, until it is given to it and only so long', async () => {
    const exhibit = await t.taken(bank, 'for whom it concerns');
    const missing = await t.call('GET', '/v1/exhibits/6f2b1a3c-0000-4000-8000-000000000001', otherBank);
    const seen = await t.call('GET', `/v1/exhibits/${exhibit.id}`, otherBank);
    expect({ ...seen.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' });
    expect((await t.raw(`/v1/exhibits/${exhibit.id}/content`, otherBank)).status).toBe(404);
    await t.attach([exhibit.id], { institution: 'other-bank' }, 'order:1');
    expect(await get(exhibit.id, otherBank)).toMatchObject({ sha256: exhibit.sha256 });
    expect(await get(exhibit.id, otherBank)).not.toHaveProperty('collectedFrom');
    expect((await t.raw(`/v1/exhibits/${exhibit.id}/content`, otherBank)).status).toBe(200);
    const withdrawal = { institution: 'other-bank', basis: 'the order has ended' };
    await t.call('POST', `/v1/exhibits/${exhibit.id}/withdrawal`, supervisor, withdrawal);
    expect((await t.raw(`/v1/exhibits/${exhibit.id}/content`, otherBank)).status).toBe(404);
    for (const [method, path] of [
      ['GET', '/v1/exhibits'],
      ['GET', '/v1/exhibits/abroad'],
      ['GET', `/v1/exhibits/${exhibit.id}/bundle`],
      ['POST', `/v1/exhibits/abroad/${exhibit.id}/fetch`],
    ])
      expect((await t.call(method!, path!, bank)).status, path).toBe(403);
  });
});

describe('attaching', () => {
  test('a book’s readers hear of an exhibit once, however many requests name it', async () => {
    const exhibit = await t.taken(officer, 'attach me');
    const ref = { id: exhibit.id, sha256: exhibit.sha256, bytes: 9, mediaType: 'image/jpeg', title: said().title };
    expect(await t.attach([exhibit.id, exhibit.id], { book: 'kh+th' })).toEqual([ref]);
    await t.attach([exhibit.id], { book: 'kh+th' });
    await t.attach([exhibit.id], { book: 'kh+th' }, 'request:r2');
    const told = await t.said('kh+th', 'exhibit');
    expect(told).toHaveLength(1);
    const { custody, disclosures } = await get(exhibit.id);
    expect(told[0]!.statement!.body).toMatchObject({ act: 'disclosed', exhibit: ref, custody: custody![1]!.digest });
    expect(custody!.map(({ act }) => act)).toEqual(['sealed', 'disclosed', 'disclosed']);
    expect(custody![2]!.details).toEqual({ book: 'kh+th', reference: 'request:r2' });
    expect(disclosures).toMatchObject([{ book: 'kh+th' }, { book: 'kh+th' }]);
  });

  test('what its handling keeps is not given on', async () => {
    const red = await t.taken(officer, 'red', { tlp: 'RED' });
    const strict = await t.taken(officer, 'strict', { tlp: 'AMBER+STRICT' });
    const h3 = await t.taken(officer, 'h3', { tlp: 'GREEN', conditions: 'H3', restriction: 'ask us' });
    const open = await t.taken(officer, 'open', { tlp: 'CLEAR', conditions: 'H1,H0' });
    expect(open.handling.conditions).toEqual(['H0', 'H1']);
    const refused = async (work: Promise<unknown>, code: string) =>
      expect(work).rejects.toMatchObject({ refusal: { refused: code } });
    await refused(t.attach([red.id], { book: 'alliance' }), 'handling.red-beyond-two');
    await refused(t.attach([red.id], { book: 'kh+la+th' }), 'handling.red-beyond-two');
    await t.attach([red.id], { book: 'la+th' });
    await refused(t.attach([open.id], { book: 'alliance+unodc' }), 'handling.person-beyond-members');
    for (const { id } of [red, strict, h3])
      await refused(t.attach([id], { institution: 'bangkok-bank' }), 'handling.closed-to-institutions');
    await t.attach([open.id], { institution: 'bangkok-bank' });
    await refused(t.attach(['6f2b1a3c-0000-4000-8000-000000000001'], { book: 'la+th' }), 'not-found.exhibit');
    // All of a request's exhibits go, or none.
    await refused(t.attach([open.id, red.id], { book: 'alliance' }), 'handling.red-beyond-two');
    expect(await t.said('alliance', 'exhibit')).toEqual([]);
  });
});

describe('destroying', () => {
  test('an officer who proved who they are destroys the content; chain and digest stay', async () => {
    const exhibit = await t.taken(officer, 'must go');
    await t.attach([exhibit.id], { book: 'kh+th' });
    const destroy = (token: string) =>
      t.call('POST', `/v1/exhibits/${exhibit.id}/destruction`, token, { basis: 'section 37 of the act' });
    expect((await destroy(officer)).code).toBe('forbidden.permission');
    t.clock.advance(11 * 60_000);
    expect((await destroy(supervisor)).code).toBe('forbidden.step-up');
    await t.call('POST', '/v1/sessions/step-up', supervisor, { password });
    expect(await destroy(supervisor)).toMatchObject({ status: 200, body: { state: 'destroyed' } });
    expect(await destroy(supervisor)).toMatchObject({ status: 410, code: 'gone.exhibit' });
    expect(await t.blobs.has(exhibit)).toBe(false);
    expect((await t.raw(`/v1/exhibits/${exhibit.id}/content`, officer)).status).toBe(410);
    expect((await t.raw(`/v1/exhibits/${exhibit.id}/bundle`, officer)).status).toBe(410);
    expect(await acts(exhibit.id)).toEqual(['sealed', 'disclosed', 'destroyed']);
    expect(await get(exhibit.id)).toMatchObject({ sha256: exhibit.sha256, disclosures: [{ book: 'kh+th' }] });
    const [told] = (await t.said('kh+th', 'exhibit-withdrawal')).slice(-1);
    expect(told!.statement!.body).toEqual({ exhibit: exhibit.id, reason: 'destroyed' });
    await expect(t.attach([exhibit.id], { book: 'kh+th' })).rejects.toMatchObject({
      refusal: { refused: 'gone.exhibit' },
    });
  });

  test('the same content in another exhibit stays', async () => {
    const one = await t.taken(officer, 'twice');
    const other = await t.taken(bank, 'twice');
    await t.call('POST', `/v1/exhibits/${one.id}/destruction`, supervisor, { basis: 'mistaken' });
    expect(String((await t.raw(`/v1/exhibits/${other.id}/content`, officer)).body)).toBe('twice');
    const found = await t.call('GET', `/v1/exhibits?sha256=${one.sha256}`, officer);
    expect((found.body as unknown as ExhibitPage).exhibits.map(({ state }) => state).sort()).toEqual([
      'destroyed',
      'held',
    ]);
  });
});

describe('a stop at any moment', () => {
  test('between the content and its row leaves a content without an exhibit, which is swept at the next start', async () => {
    const kept = await t.taken(officer, 'acknowledged');
    const staged = await t.blobs.stage([Buffer.from('never acknowledged')] as never, 100);
    await staged.keep();
    await t.reopen({ restored: true });
    expect(await t.blobs.has(staged)).toBe(true);
    await t.reopen();
    expect(await t.blobs.has(staged)).toBe(false);
    expect(await t.blobs.has(kept)).toBe(true);
  });

  test('whatever fails while it is taken in, no exhibit is without its content and no content without an exhibit', async () => {
    const failing = await t.reopen({
      journal: { ...t.journal, follow: t.journal.follow, append: () => Promise.reject(new Error('stopped')) },
      blobs: t.blobs,
    });
    const actor = await t.actor(officer);
    const content = Buffer.from('half done');
    await expect(failing.take(actor, said() as never, [content] as never, undefined)).rejects.toThrow('stopped');
    expect(await t.blobs.has({ sha256: hash('sha256', content), bytes: content.length })).toBe(false);
    const rows = await t.db.query<{ sha256: string; bytes: number }>(
      'SELECT sha256, bytes FROM evidence.exhibits WHERE destroyed_at IS NULL',
    );
    for (const row of rows) expect(await t.blobs.has(row)).toBe(true);
    const live = new Set(rows.map(({ sha256 }) => sha256));
    expect((await Array.fromAsync(t.blobs.stored())).flat().filter((one) => !live.has(one))).toEqual([]);
  });

  test('a content that is missing or damaged on the disk is never given as if it were whole', async () => {
    const damaged = await t.taken(officer, 'damaged');
    await writeFile(pathOf(damaged), 'DAMAGED');
    const given = await t.raw(`/v1/exhibits/${damaged.id}/content`, officer).catch(() => undefined);
    expect(String(given?.body ?? '')).not.toContain('DAMAGED');
    await rm(pathOf(damaged));
    const missing = await t.call('GET', `/v1/exhibits/${damaged.id}/content`, officer);
    expect(missing.code).toBe('gone.content');
  });
});

test('the contract of the routes can be published', async () => {
  await t.http.ready();
  const { paths } = t.http.swagger() as {
    paths: Record<string, Record<string, { requestBody?: { content: object } }>>;
  };
  expect(Object.keys(paths).filter((path) => path.includes('exhibits'))).toHaveLength(10);
  expect(Object.keys(paths['/v1/exhibits']!['post']!.requestBody!.content)).toEqual([
    'application/octet-stream',
    '*/*',
  ]);
});

test('the list goes on page by page, and only from a place that it gave', async () => {
  const found: string[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const query: string = next === '' ? 'limit=3' : `limit=3&after=${encodeURIComponent(next)}`;
    const page = (await t.call('GET', `/v1/exhibits?${query}`, officer)).body as unknown as ExhibitPage;
    found.push(...page.exhibits.map(({ id }) => id));
    next = page.next;
  }
  const [all] = await t.db.query<{ count: number }>('SELECT count(*) AS count FROM evidence.exhibits');
  expect(new Set(found).size).toBe(all!.count);
  expect(found).toHaveLength(all!.count);
  for (const after of ['x', btoa('["x","y"]'), btoa('["2026-01-01T00:00:00.000Z","6f2b"]')])
    expect((await t.call('GET', `/v1/exhibits?after=${after}`, officer)).code).toBe('malformed.page');
  expect(t.errors).toEqual([]);
});
