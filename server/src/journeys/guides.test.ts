import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

let house: TestHouse;
let folder: string;

beforeAll(async () => {
  house = await openTestHouse();
  // Inside the repository, where the names of its packages mean something.
  await mkdir(join(root, 'data'), { recursive: true });
  folder = await mkdtemp(join(root, 'data', 'guide-'));
});
afterAll(async () => {
  await house?.close();
  await rm(folder, { recursive: true, force: true });
});

const fence = /^```(sh|ts)\n([^]*?)^```$/gm;

async function blocksOf(guide: string, language: string): Promise<string[]> {
  const page = await readFile(join(root, 'docs', 'guides', guide), 'utf8');
  return Array.from(page.matchAll(fence)).flatMap(([, kind, block = '']) => (kind === language ? [block] : []));
}

async function institution(id: string, kind: string, serves: string[]): Promise<NodeJS.ProcessEnv> {
  const quota = { perSecond: 1000, burst: 20_000 };
  const made = await house.call('POST', '/v1/institutions', { id, name: id, kind, serves, quota });
  expect(made.status).toBe(201);
  const { body } = await house.call('POST', `/v1/institutions/${id}/keys`, {});
  return { ...process.env, SERVER: house.address, KEY: body.key, HOOK: 'http://localhost:9/hook' };
}

async function run(words: string[], environment: NodeJS.ProcessEnv): Promise<{ code: number; out: string }> {
  const child = spawn(words[0]!, words.slice(1), { env: environment, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number, out: out + err };
}

test.each([
  ['bank.md', 'bank', 'account:TH:901:'],
  ['telco.md', 'operator', 'phone:+6681'],
])('every line for the shell in %s does what the guide says', async (guide, kind, serves) => {
  const environment = await institution(`${kind}-shell`, kind, [serves]);
  const blocks = await blocksOf(guide, 'sh');
  expect(blocks.length).toBeGreaterThan(2);
  for (const block of blocks) {
    // Each answer on a line of its own, with its status.
    const script = block.replaceAll('curl -s ', `curl -s -w '\\nstatus %{http_code}\\n' `);
    const { code, out } = await run(['bash', '-euo', 'pipefail', '-c', script], environment);
    expect(code, out).toBe(0);
    const statuses = Array.from(out.matchAll(/^status (\d+)$/gm), (match) => Number(match[1]));
    expect(statuses.length, block).toBeGreaterThan(0);
    expect(
      statuses.every((status) => status < 300),
      `${block}\n${out}`,
    ).toBe(true);
    expect(out, block).not.toContain('"state":"refused"');
  }
});

test.each([
  ['bank.md', 'bank', 'account:TH:901:'],
  ['telco.md', 'operator', 'phone:+6681'],
])('the lines of TypeScript in %s run as they stand, one after the other', async (guide, kind, serves) => {
  const environment = await institution(`${kind}-library`, kind, [serves]);
  const program = join(folder, `${kind}.ts`);
  const blocks = await blocksOf(guide, 'ts');
  await writeFile(program, blocks.join('\n'));
  const { code, out } = await run([process.execPath, program], environment);
  expect(code, out).toBe(0);
});
