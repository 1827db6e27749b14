import { hash } from 'node:crypto';
import { newSecret } from '../kernel/ids.ts';

/** What begins a secret says what it opens. */
const secretPrefixes = { session: 'drums', key: 'drumk', local: 'druml', code: 'drumc', clerk: 'drumi' } as const;
type SecretUse = keyof typeof secretPrefixes;

export function issueSecret(use: SecretUse): { secret: string; hash: Buffer } {
  const secret = newSecret(secretPrefixes[use]);
  return { secret, hash: hashOf(secret) };
}

/** Secrets have 256 random bits: a plain hash is as good as a slow one. */
export function hashOf(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

const shape = /^(drum[sklci])_[A-Za-z0-9_-]{43}$/;

/** What a secret would open by its looks, or null: no database is asked about garbage. */
export function useOf(secret: string): SecretUse | null {
  const prefix = shape.exec(secret)?.[1];
  for (const use of Object.keys(secretPrefixes) as SecretUse[]) if (secretPrefixes[use] === prefix) return use;
  return null;
}
