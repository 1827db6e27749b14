import { resolve } from 'node:path';

/** Where the NATS servers are, and who we are to them. */
export interface NatsAddress {
  /** As scheme, host and port. */
  readonly servers: readonly string[];
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** The authority of the servers' certificates; with it, or with `tls://`, connections are encrypted. */
  readonly caFile?: string;
  readonly isEncrypted: boolean;
}

const what = 'NATS_URL is nats:// or tls:// addresses with commas between them, as in nats://user:password@host:4222';

/** Reads NATS_URL and DRUM_NATS_CA. Throws with what to put right. */
export function readNatsAddress(environment: NodeJS.ProcessEnv): NatsAddress | undefined {
  const text = environment['NATS_URL'] || undefined;
  const caFile = environment['DRUM_NATS_CA'] || undefined;
  if (text === undefined) return undefined;
  const urls = text.split(',').map((each) => {
    const url = URL.parse(each.trim());
    if (url === null || !/^(?:nats|tls):$/.test(url.protocol) || url.hostname === '' || /^\/./.test(url.pathname))
      throw new Error(what);
    return url;
  });
  const credentials = urls.find(({ username }) => username !== '');
  const user = credentials && decodeURIComponent(credentials.username);
  const password = credentials && decodeURIComponent(credentials.password);
  return {
    servers: urls.map(({ protocol, hostname, port }) => `${protocol}//${hostname}:${port || 4222}`),
    // As everywhere with NATS: a name without a password is a token.
    ...(user !== undefined && (password ? { user, password } : { token: user })),
    ...(caFile !== undefined && { caFile: resolve(caFile) }),
    isEncrypted: caFile !== undefined || urls.some(({ protocol }) => protocol === 'tls:'),
  };
}
