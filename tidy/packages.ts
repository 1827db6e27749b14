import type { Breach } from './breach.ts';
import { lineAt, type SourceFile } from './source.ts';

const exact = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;

/** Versions are exact: a range lets npm under an old Node choose an older major without a word. */
export function versionBreaches({ path, text }: SourceFile): Breach[] {
  if (!/(?:^|\/)package\.json$/.test(path)) return [];
  const manifest = asRecord(JSON.parse(text));
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((section) =>
    Object.entries(asRecord(manifest[section]))
      .filter(([, version]) => typeof version !== 'string' || !exact.test(version))
      .map(([name, version]) => ({ path, what: `${section}: ${name} is "${String(version)}", not an exact version` })),
  );
}

/** The lock file names no address: each installs from the registry that it is told to use. */
export function lockBreaches({ path, text }: SourceFile): Breach[] {
  if (!/(?:^|\/)package-lock\.json$/.test(path)) return [];
  return Object.entries(asRecord(asRecord(JSON.parse(text))['packages'])).flatMap(([name, entry]) => {
    const resolved = asRecord(entry)['resolved'];
    const isAddress = typeof resolved === 'string' && /^[a-z+]+:/i.test(resolved);
    return isAddress
      ? [{ path, what: `${name} is resolved to an address: install with omit-lockfile-registry-resolved` }]
      : [];
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const machinePath = /(?<![\w.:/}$-])\/(?:work|root|home|Users)\/[\w.@-]/g;
const registryHost =
  /\bhttps?:\/\/(?:[\w-]+\.)*(?:[\w-]*(?:registry|artifactory|nexus|verdaccio|mirror)[\w-]*|npm|npm-[\w-]+)[.:][\w.-]+/gi;
const registrySetting = /^\s*(?:@[\w-]+:)?registry\s*=/gm;

/** What holds on one machine only has no place in the repository. */
export function machineBreaches({ path, text }: SourceFile): Breach[] {
  const looks: [RegExp, string][] = [
    [machinePath, 'an absolute path of one machine'],
    [registryHost, 'the host of a package registry'],
  ];
  if (path.endsWith('.npmrc')) looks.push([registrySetting, "a choice of registry: that is the machine's"]);
  return looks.flatMap(([pattern, what]) =>
    Array.from(text.matchAll(pattern), (match) => ({
      path,
      line: lineAt(text, match.index),
      what: `\`${match[0].trim()}…\` is ${what}`,
    })),
  );
}
