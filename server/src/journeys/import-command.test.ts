import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scheduler } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drum, startServerProcess, type ServerProcess } from './server-process.ts';

const size = 40_000;
const address = (at: number): string => `61.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`;
let data: string;
let feed: string;
let server: ServerProcess;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'drum-import-'));
  feed = join(data, 'feed.txt');
  const lines = Array.from({ length: size }, (_, at) => `${address(at)}\t${at % 9}`);
  await writeFile(feed, `# a feed\n${lines.join('\n')}\n1.2.3\n`);
  server = await startServerProcess(data);
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  await rm(data, { recursive: true, force: true });
});

const importFeed = async (...words: string[]) => {
  const run = await drum(data, 'import', feed, '--as', 'ip', '--source', 'feed', '--json', ...words);
  return { ...run, report: run.code === 0 ? JSON.parse(run.out) : undefined };
};

test(
  'an import that the server’s death interrupts goes on where it stopped, and the third time knows everything',
  { timeout: 120_000 },
  async () => {
    const interrupted = importFeed();
    for (;;) {
      const { imports } = await server.call('GET', '/v1/registry/imports');
      if (imports[0]?.items > 0) break;
      await scheduler.wait(20);
    }
    server.child.kill('SIGKILL');
    const first = await interrupted;
    expect(first.code).toBe(1);
    expect(first.err).toContain('npm start');
    server = await startServerProcess(data);
    const { imports } = await server.call('GET', '/v1/registry/imports');
    const taken = imports[0].items;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(size);
    const second = await importFeed();
    expect(second.report).toMatchObject({ taken: size - taken, known: 0, refused: 1, items: size + 1 });
    expect(second.report.refusals).toEqual([{ line: size + 2, refused: 'identifier.ip.short-form' }]);
    const third = await importFeed();
    expect(third.report).toMatchObject({ taken: 0, known: size, refused: 1 });
  },
);

test(
  'a feed that has changed since it was interrupted begins anew and is known by what it names',
  { timeout: 60_000 },
  async () => {
    const terms = {
      source: 'feed',
      type: 'ip',
      tier: 'observed',
      typologies: ['unspecified'],
      offence: 'telecom-online-fraud',
    };
    const rest = { grading: { source: 'C', information: 3 }, grounds: 'named by the feed feed', audience: 'domestic' };
    const opened = await server.call('POST', '/v1/registry/imports', {
      ...terms,
      ...rest,
      handling: { tlp: 'AMBER', conditions: [] },
    });
    await server.call('POST', `/v1/registry/imports/${opened.import.id}/batches`, {
      after: 0,
      digest: 'a'.repeat(64),
      items: [{ line: 1, identifier: '62.1.1.1' }],
    });
    expect((await importFeed()).report).toMatchObject({ taken: 0, known: size, refused: 1 });
  },
);

test('a gzipped feed is read as it is, and a missing one is said to be missing', { timeout: 60_000 }, async () => {
  await writeFile(`${feed}.gz`, gzipSync('63.1.1.1\n63.1.1.2\n'));
  const run = await drum(data, 'import', `${feed}.gz`, '--as', 'ip', '--source', 'packed');
  expect(run).toMatchObject({ code: 0, out: expect.stringContaining('taken          2') });
  expect(await drum(data, 'import', 'nowhere.txt')).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no file'),
  });
  const screened = await drum(data, 'screen', '63.1.1.2', 'ip:63.1.1.9');
  expect(screened.out).toMatch(/ip:63\.1\.1\.2 +watch +observed +th/);
  expect(screened.out).toMatch(/ip:63\.1\.1\.9 +clear/);
});
