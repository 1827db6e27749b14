import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './source.ts';

/** One part of `npm run check`. It prints what it finds and says whether it passed. */
interface Part {
  readonly name: string;
  readonly title: string;
  readonly run: () => boolean;
}

const ourFilesMin = 20;
const contractsCommand = 'server/src/commands/contracts.ts';

const parts: readonly Part[] = [
  { name: 'types', title: 'Types (tsc)', run: checkTypes },
  { name: 'lint', title: 'Lint (oxlint, with types)', run: () => tool('oxlint', '--deny-warnings') },
  { name: 'format', title: 'Format (oxfmt)', run: () => tool('oxfmt', '--check') },
  { name: 'dead', title: 'Dead code (knip)', run: () => tool('knip', '--no-progress') },
  // Without the summary line: `npm test` has counted these tests already.
  {
    name: 'tidy',
    title: 'Rules of the house (vitest)',
    run: () => tool('vitest', 'run', 'tidy/', '--reporter=default'),
  },
  { name: 'contracts', title: 'Contracts up to date', run: checkContracts },
  { name: 'long', title: 'Long tests (vitest)', run: checkLong },
];

/** A false green is worse than a red: the version must be the one we mean, and it must have seen our files. */
function checkTypes(): boolean {
  const version = outputOf('tsc', '--version').trim();
  if (!version.startsWith('Version 7.')) return fail(`tsc says "${version}": TypeScript 7 is the type checker here`);
  const listed = outputOf('tsc', '-p', '.', '--listFilesOnly').split('\n');
  const ours = listed.filter((path) => path !== '' && !path.includes('node_modules')).length;
  if (ours < ourFilesMin) return fail(`tsc would check ${ours} files of ours, at least ${ourFilesMin} are expected`);
  console.log(`tsc ${version}, ${ours} files of ours`);
  const passed = tool('tsc', '-p', '.');
  return tool('tsc', '-p', 'web') && passed;
}

function checkContracts(): boolean {
  if (!existsSync(join(root, contractsCommand))) return fail(`${contractsCommand} does not exist`);
  return node(contractsCommand, '--check');
}

/** A browser at the desks of six servers has the machine for itself: beside crashes its pages would take minutes to open. */
function checkLong(): boolean {
  const config = ['run', '--config', 'vitest.long.config.ts'];
  const passed = tool('vitest', ...config, '--exclude', 'web/**');
  return tool('vitest', ...config, 'web/') && passed;
}

function fail(why: string): false {
  console.log(why);
  return false;
}

function binary(name: string): string {
  return join(root, 'node_modules', '.bin', name);
}

function tool(name: string, ...args: readonly string[]): boolean {
  return node(binary(name), ...args);
}

/** Under the Node that runs this file, whatever another one is first on the path. */
function node(script: string, ...args: readonly string[]): boolean {
  const { status, error } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  return error === undefined ? status === 0 : fail(error.message);
}

function outputOf(name: string, ...args: readonly string[]): string {
  const { stdout } = spawnSync(process.execPath, [binary(name), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout ?? '';
}

/** Runs every chosen part, however many fail before it. */
function check(names: readonly string[]): number {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    console.error(`No such check: ${unknown.join(', ')}. There are: ${parts.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const chosen = names.length === 0 ? parts : parts.filter(({ name }) => names.includes(name));
  const results = chosen.map(({ name, title, run }) => {
    console.log(`\n── ${title} ──`);
    const startedAt = performance.now();
    const passed = run();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const line = `${passed ? 'pass' : 'FAIL'}  ${name.padEnd(10)}${seconds.padStart(7)} s`;
    console.log(line);
    return { passed, line };
  });
  const failures = results.filter(({ passed }) => !passed).length;
  console.log(`\n── Summary ──\n${results.map(({ line }) => line).join('\n')}`);
  console.log(
    failures === 0 ? `All ${results.length} checks passed.` : `${failures} of ${results.length} checks failed.`,
  );
  return failures === 0 ? 0 : 1;
}

process.exitCode = check(process.argv.slice(2));
