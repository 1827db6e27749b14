import { isAbsolute, resolve } from 'node:path';
import { isMemberCode, memberCodes, type MemberCode } from '@bronze-drum/protocol/members';

/** What one server is told from outside; everything else is policy or code. */
export interface Config {
  readonly member: MemberCode;
  /** The folder of this server alone: its database, keys and address. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** A PostgreSQL of 15 or newer to use instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly policyFile: string;
  readonly logLevel: string;
  /** What the signing keys are encrypted under; without it a random one is kept beside them. */
  readonly keyPassphrase: string | undefined;
}

export interface ServeOptions {
  readonly member: string;
  readonly data: string;
  readonly host: string;
  readonly port?: string;
  readonly policy?: string;
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];
const firstPort = 8461;

/** The port at which a member's server listens unless told otherwise. */
const portOf = (member: MemberCode): number => firstPort + memberCodes.indexOf(member);

/** Reads the options of `drum serve` and the environment. Throws with what to put right. */
export function readConfig(options: ServeOptions, environment: NodeJS.ProcessEnv, root: string): Config {
  const { member } = options;
  if (!isMemberCode(member)) throw new Error(`--member is one of ${memberCodes.join(', ')}, not ${member}`);
  const port = options.port === undefined ? portOf(member) : Number(options.port);
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
    policyFile:
      isAbsolute(policyFile) || options.policy !== undefined ? resolve(policyFile) : resolve(root, policyFile),
    logLevel,
    keyPassphrase: environment['DRUM_KEY_PASSPHRASE'],
  };
}
