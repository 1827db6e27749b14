import { isAbsolute, resolve } from 'node:path';
import { foundingMembers, isPartyCode, type PartyCode } from '@bronze-drum/protocol/members';
import type { TlsFiles } from './mutual-tls.ts';
import { readNatsAddress, type NatsAddress } from './nats-address.ts';

/** What one server is told from outside; everything else is policy or code. */
export interface Config {
  readonly member: PartyCode;
  /** The folder of this server alone: its database, keys and address. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** A PostgreSQL of 15 or newer to use instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  /** The NATS servers that keep the streams; without them PostgreSQL does. */
  readonly nats?: NatsAddress | undefined;
  readonly policyFile: string;
  readonly logLevel: string;
  /** What the signing keys are encrypted under; without it a random one is kept beside them. */
  readonly keyPassphrase: string | undefined;
  /** With it this server speaks HTTPS, and demands a certificate from the other servers; needed beyond one machine. */
  readonly tls: TlsFiles | undefined;
  /** Where others reach this server, if not where it listens: scheme, host and port. */
  readonly address: string | undefined;
  /** Which addresses belong to which country and kind of network: a file of `prefix,country,kind` (detection/networks.ts). */
  readonly networksFile?: string | undefined;
  /** A model that scores payments, as `npm run evaluate -- DATASET --model FILE` writes it. */
  readonly scoreModelFile?: string | undefined;
  readonly roles: readonly ServerRole[];
  /** Which partitions it looks at, if it does not look at all. */
  readonly partitions?: readonly number[] | undefined;
  /** Webhooks may go to this machine and to private networks: for demonstrations and tests alone. */
  readonly webhooksToPrivate: boolean;
}

/** What a process does: answer, or look for patterns in what is reported; by default both. */
export const serverRoles = ['serve', 'detect'] as const;
export type ServerRole = (typeof serverRoles)[number];

export interface ServeOptions {
  readonly member: string;
  readonly roles?: string;
  readonly partitions?: string;
  readonly data: string;
  readonly host: string;
  readonly port?: string;
  readonly policy?: string;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];
const firstPort = 8461;

/** The port at which a founder's server listens unless told otherwise; any other body is given one. */
const portOf = (member: PartyCode): number => {
  const index = foundingMembers.indexOf(member);
  return index === -1 ? 0 : firstPort + index;
};

/** Reads the options of `drum serve` and the environment. Throws with what to put right. */
export function readConfig(options: ServeOptions, environment: NodeJS.ProcessEnv, root: string): Config {
  const { member } = options;
  if (!isPartyCode(member))
    throw new Error(`--member is two letters of a country, or three to sixteen of another body, not ${options.member}`);
  const roles = rolesOf(options.roles);
  // What only detects tells operators how it is, wherever there is room.
  const isServing = roles.includes('serve');
  const port = options.port !== undefined ? Number(options.port) : isServing ? portOf(member) : 0;
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port is a number up to 65535, not ${options.port}`);
  const logLevel = environment['LOG_LEVEL'] ?? 'warn';
  if (!logLevels.includes(logLevel)) throw new Error(`LOG_LEVEL is one of ${logLevels.join(', ')}, not ${logLevel}`);
  const databaseUrl = environment['DATABASE_URL'];
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new Error('DATABASE_URL begins with postgres:// or postgresql://');
  }
  const policyFile = options.policy ?? `policies/${member}.json`;
  return {
    member,
    folder: resolve(options.data, member),
    host: options.host,
    port,
    databaseUrl,
    nats: readNatsAddress(environment),
    policyFile:
      isAbsolute(policyFile) || options.policy !== undefined ? resolve(policyFile) : resolve(root, policyFile),
    logLevel,
    keyPassphrase: environment['DRUM_KEY_PASSPHRASE'],
    tls: tlsOf(environment),
    address: addressOf(environment),
    roles,
    partitions: partitionsOf(options.partitions),
    networksFile: fileOf(environment['DRUM_NETWORKS']),
    scoreModelFile: fileOf(environment['DRUM_SCORE_MODEL']),
    webhooksToPrivate: environment['DRUM_WEBHOOKS_TO_PRIVATE'] === 'yes',
  };
}

function rolesOf(text = serverRoles.join(',')): readonly ServerRole[] {
  const roles = serverRoles.filter((role) => text.split(',').includes(role));
  if (roles.length === 0 || roles.length !== text.split(',').length)
    throw new Error(`--roles is one or both of ${serverRoles.join(',')}, not ${text}`);
  return roles;
}

const partitionMax = 15;

/** `0-3,8` names 0, 1, 2, 3 and 8. */
function partitionsOf(text: string | undefined): readonly number[] | undefined {
  if (text === undefined) return undefined;
  const partitions = text.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (!(from <= to && to <= partitionMax))
      throw new Error(
        `--partitions are numbers from 0 to ${partitionMax} and ranges of them, as in 0-3,8, not ${text}`,
      );
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  return [...new Set(partitions)].sort((a, b) => a - b);
}

const fileOf = (path: string | undefined): string | undefined => (path ? resolve(path) : undefined);

function tlsOf(environment: NodeJS.ProcessEnv): TlsFiles | undefined {
  const names = ['DRUM_TLS_CERT', 'DRUM_TLS_KEY', 'DRUM_TLS_CA'];
  const [certFile, keyFile, caFile] = names.map((name) => environment[name] || undefined);
  if (certFile === undefined && keyFile === undefined && caFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined || caFile === undefined) {
    const missing = names.filter((name) => !environment[name]);
    throw new Error(`${names.join(', ')} are given together or not at all: ${missing.join(' and ')} is missing`);
  }
  return { certFile: resolve(certFile), keyFile: resolve(keyFile), caFile: resolve(caFile) };
}

function addressOf(environment: NodeJS.ProcessEnv): string | undefined {
  const address = environment['DRUM_ADDRESS'] || undefined;
  if (address === undefined) return undefined;
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`)
    throw new Error(`DRUM_ADDRESS is scheme, host and port, as in https://drum.example, not ${address}`);
  return url.origin;
}
