import { posix } from 'node:path';
import { layersOf, lineAt, type SourceFile } from './source.ts';

export interface Import {
  readonly line: number;
  readonly specifier: string;
  /** Nothing of it is there when the program runs. */
  readonly isType: boolean;
  /** The file of this repository that is meant, or undefined when it is somebody else's package. */
  readonly target?: string;
}

const forms = [
  /\b(?:import|export)\b(?:[^'"`;]*?\bfrom\b)?\s*(['"])([^'"\n]+)\1/g,
  /\bimport\s*\(\s*(['"])([^'"\n]+)\1/g,
  // A worker thread or a module by its address is an import too.
  /\bnew\s+URL\s*\(\s*(['"])(\.[^'"\n]+\.ts)\1/g,
];

/** Every import, re-export, dynamic import and type import of a file. */
export function importsOf(file: SourceFile, known: ReadonlySet<string>): Import[] {
  const { code, uncommented } = layersOf(file.text);
  const found: Import[] = [];
  for (const form of forms) {
    for (const match of uncommented.matchAll(form)) {
      if (code[match.index] === ' ') continue;
      const specifier = match[2] ?? '';
      const target = resolve(file.path, specifier, known);
      const line = lineAt(file.text, match.index);
      const isType = /^(?:import|export)\s+type\b/.test(match[0]);
      found.push(target === undefined ? { line, specifier, isType } : { line, specifier, isType, target });
    }
  }
  return found;
}

function resolve(from: string, specifier: string, known: ReadonlySet<string>): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const workspace = /^@bronze-drum\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (workspace === null) return undefined;
  const [, name = '', rest = name] = workspace;
  const candidates = [`${name}/${rest}.ts`, `${name}/src/${rest}.ts`, `${name}/${rest}`];
  return candidates.find((path) => known.has(path)) ?? `${name}/${rest}.ts`;
}
