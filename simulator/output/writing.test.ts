import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WrittenFile } from './ndjson-file.ts';

const run = promisify(execFile);
const program = new URL('../drum-simulate.ts', import.meta.url).pathname;

interface Described {
  readonly options: { readonly seed: number; readonly from: string; readonly adversary: object | null };
  readonly rings: { readonly stolenBaht: number; readonly outBaht: number; readonly minutesUntilOut: number };
  readonly counts: { readonly records: number; readonly frauds: number };
  readonly files: readonly WrittenFile[];
}

describe('drum-simulate', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drum-simulate-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const simulate = (...options: string[]) => run(process.execPath, [program, ...options]);
  const small = ['--seed', '7', '--rate', '40', '--days', '0.25', '--fraud-share', '0.1'];
  const lines = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const described = async (out: string) => JSON.parse(await readFile(join(out, 'world.json'), 'utf8')) as Described;

  test('writes what is reported and what is true of it, and the same again', async () => {
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    const { stdout, stderr } = await simulate(...small, '--out', one);
    expect(stdout).toMatch(/^\d+ records and \d+ frauds in /);
    expect(stderr).toBe('');
    await simulate(...small, '--out', other);
    const world = await described(one);
    expect(world.options).toMatchObject({ seed: 7, from: '2026-01-05T00:00:00.000Z' });
    expect((await described(other)).files).toEqual(world.files);
    for (const { name, sha256, bytes, lines: count } of world.files) {
      const content = await readFile(join(one, name));
      expect([name, createHash('sha256').update(content).digest('hex')]).toEqual([name, sha256]);
      expect([content.length, lines(content.toString('utf8')).length]).toEqual([bytes, count]);
    }
    const others = ['networks.csv', 'world.json'];
    expect((await readdir(one)).sort()).toEqual([...world.files.map(({ name }) => name), ...others].sort());
    const payments = lines(await readFile(join(one, 'payments.ndjson'), 'utf8'));
    expect(Object.keys(payments[0]!)).toEqual(['member', 'institution', 'reportedAt', 'record']);
    const arrivals = payments.map(({ reportedAt }) => reportedAt as string);
    expect(arrivals).toEqual([...arrivals].sort());
    const ids = new Set(
      payments.map(
        ({ member, institution, record }) =>
          `${member as string} ${institution as string} ${(record as { id: string }).id}`,
      ),
    );
    const labels = lines(await readFile(join(one, 'labels.ndjson'), 'utf8')).filter(({ kind }) => kind === 'payment');
    expect(labels.length).toBeGreaterThan(20);
    for (const { member, institution, id } of labels)
      expect(ids.has(`${member as string} ${institution as string} ${id as string}`)).toBe(true);
  });

  test('does not write over what is in a folder unless it is told to, and packs what it writes', async () => {
    const out = join(folder, 'used');
    await simulate(...small, '--days', '0.02', '--out', out);
    await expect(simulate(...small, '--days', '0.02', '--out', out)).rejects.toMatchObject({ code: 1 });
    await simulate(...small, '--days', '0.02', '--out', out, '--force', '--gzip');
    const packed = gunzipSync(await readFile(join(out, 'calls.ndjson.gz'))).toString('utf8');
    expect(packed).toBe(await readFile(join(out, 'calls.ndjson'), 'utf8'));
  });

  test('tells what the rings’ business cost, also when they know what is looked for', async () => {
    const [limits, out] = [join(folder, 'limits.json'), join(folder, 'adversary')];
    await writeFile(limits, JSON.stringify({ 'pass-through': { withinMinutes: 90 } }));
    await simulate(...small, '--adversary', limits, '--out', out);
    const world = await described(out);
    expect(world.options.adversary).toEqual({ 'pass-through': { withinMinutes: 90 } });
    expect(world.rings.stolenBaht).toBeGreaterThan(world.rings.outBaht);
    expect(world.rings.minutesUntilOut).toBeGreaterThan(90);
  });

  test('says what is wrong with an option', async () => {
    const refused = async (...options: string[]) => {
      const { code, stderr } = (await simulate(...options).catch((error: unknown) => error)) as {
        code: number;
        stderr: string;
      };
      return { code, stderr };
    };
    for (const options of [
      [],
      ['--seed', 'x', '--out', folder],
      ['--members', 'th,us', '--out', folder],
      ['--from', 'monday', '--out', folder],
      ['--adversary', join(folder, 'none.json'), '--out', folder],
      ['--live', join(folder, 'none.json')],
    ]) {
      const { code, stderr } = await refused(...options);
      expect([options, code]).toEqual([options, 1]);
      expect(stderr).toMatch(/error: |drum-simulate: /);
      expect(stderr).not.toContain('    at ');
    }
  });
});
