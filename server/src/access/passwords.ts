import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { newSalt } from '../kernel/ids.ts';
import { refuse } from '../kernel/refusals.ts';
import { normalPassword } from './rules.ts';

/** What one hash costs. Raise it here: older hashes keep theirs, and are renewed at the next sign-in. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP's least for argon2id. */
const currentCost: PasswordCost = { memoryKib: 19_456, passes: 2, lanes: 1 };

export interface Passwords {
  /**
   * Gives `work` one of the few turns in which passwords are hashed: a flood of sign-ins must take neither the memory
   * nor the threads. Refuses when too many wait already.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** The hash as a PHC string, with its parameters and salt. */
  hash(password: string): Promise<string>;
  /** Whether the password fits. Null, for an officer who does not exist or has none, takes as long and never fits. */
  verify(stored: string | null, password: string): Promise<boolean>;
  /** Whether a hash costs less to guess than new ones do. */
  isWeak(stored: string): boolean;
}

const turnsMax = 2;
const waitingMax = 100;
const hashBytes = 32;
const saltBytes = 16;
const derive = promisify(argon2);
const phc = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

interface Parsed {
  readonly cost: PasswordCost;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

export function openPasswords(cost: PasswordCost = currentCost): Passwords {
  const inTurn = openTurns();
  // What is compared with when there is nothing to compare with: no password has this hash.
  const nobody: Parsed = { cost, salt: Buffer.alloc(saltBytes), hash: Buffer.alloc(hashBytes) };
  return {
    inTurn,
    async hash(password) {
      const salt = Buffer.from(newSalt(saltBytes));
      const hash = await hashWith(cost, salt, password, hashBytes);
      const { memoryKib, passes, lanes } = cost;
      return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${base64(salt)}$${base64(hash)}`;
    },
    async verify(stored, password) {
      const parsed = stored === null ? null : parse(stored);
      const against = parsed ?? nobody;
      const hash = await hashWith(against.cost, against.salt, password, against.hash.length);
      return timingSafeEqual(hash, against.hash) && parsed !== null;
    },
    isWeak(stored) {
      const own = parse(stored)?.cost;
      if (own === undefined) return true;
      return own.memoryKib < cost.memoryKib || own.passes < cost.passes || own.lanes < cost.lanes;
    },
  };
}

function hashWith(cost: PasswordCost, salt: Uint8Array, password: string, tagLength: number): Promise<Buffer> {
  return derive('argon2id', {
    message: normalPassword(password),
    nonce: salt,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.lanes,
    tagLength,
  });
}

function parse(stored: string): Parsed | null {
  const match = phc.exec(stored);
  if (match === null) return null;
  const [, memoryKib, passes, lanes, salt = '', hash = ''] = match;
  return {
    cost: { memoryKib: Number(memoryKib), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

/** The PHC string format writes base64 without padding. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}

function openTurns(): Passwords['inTurn'] {
  let taken = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (taken >= turnsMax) {
      if (waiting.length >= waitingMax) refuse('too-many.sign-ins', { retryAfterSeconds: 5 });
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      taken += 1;
    }
    try {
      return await work();
    } finally {
      // The turn is handed on without being given back, so that nobody slips in between.
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
    }
  };
}
