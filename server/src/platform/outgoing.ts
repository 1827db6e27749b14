import { lookup } from 'node:dns';
import { lookup as lookUp } from 'node:dns/promises';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { endsWithin } from './loops.ts';

/**
 * Where an address leads: to anybody, to this machine, to a network of our own, or to nowhere that a message may be sent
 * (link-local, multicast, the services that tell a machine about itself, what is reserved).
 */
type Reach = 'public' | 'loopback' | 'private' | 'never';

type Net = readonly [address: string, prefix: number, family: 'ipv4' | 'ipv6'];

const never: readonly Net[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['fd00:ec2::', 32, 'ipv6'],
  // They carry an IPv4 address inside, or are for documents.
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
];
const loopback: readonly Net[] = [
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
];
const ours: readonly Net[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
];
/** Of IPv6, only what is given out for the whole world is public. */
const given: readonly Net[] = [['2000::', 3, 'ipv6']];

const lists = {
  never: listOf(never),
  loopback: listOf(loopback),
  ours: listOf(ours),
  given: listOf(given),
};

function listOf(nets: readonly Net[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix, family] of nets) list.addSubnet(address, prefix, family);
  return list;
}

/** Where an IP address leads; `never` for what is none. An IPv4 address inside of an IPv6 one is looked at as itself. */
export function reachOf(address: string): Reach {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return reachOf(mapped);
  const version = isIP(address);
  if (version === 0) return 'never';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (lists.never.check(address, family)) return 'never';
  if (lists.loopback.check(address, family)) return 'loopback';
  if (lists.ours.check(address, family)) return 'private';
  return isIPv4(address) || lists.given.check(address, family) ? 'public' : 'never';
}

/** Whether a message may go to an address: in clear text only within this machine. */
export function mayReach(protocol: string, address: string, mayReachPrivate: boolean): boolean {
  const reach = reachOf(address);
  if (protocol === 'http:') return reach === 'loopback' && mayReachPrivate;
  return reach === 'public' || (mayReachPrivate && reach !== 'never');
}

/** An address that nobody may be sent to from here. */
export class ForbiddenAddress extends Error {
  override name = 'ForbiddenAddress';
}

export interface OutgoingLimits {
  readonly connectMs: number;
  /** Until the answer's headers, and between two parts of its body. */
  readonly idleMs: number;
  readonly connections: number;
}

/**
 * An agent for addresses that others have named. It connects only where `mayReach` says, by the address that a name leads
 * to at that moment: what the name led to when it was checked does not matter.
 */
export function openOutgoing(mayReachPrivate: boolean, limits: OutgoingLimits): Agent {
  const connectors = new Map(
    ['http:', 'https:'].map((protocol) => [
      protocol,
      buildConnector({ timeout: limits.connectMs, lookup: guardedLookup(protocol, mayReachPrivate) }),
    ]),
  );
  return new Agent({
    allowH2: false,
    connections: limits.connections,
    pipelining: 1,
    headersTimeout: limits.idleMs,
    bodyTimeout: limits.idleMs,
    maxHeaderSize: 16 * 1024,
    connect(options, callback) {
      // A literal address is connected to without a look-up.
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !mayReach(options.protocol, host, mayReachPrivate))
        return callback(new ForbiddenAddress(host), null);
      return connectors.get(options.protocol)!(options, callback);
    },
  });
}

function guardedLookup(protocol: string, mayReachPrivate: boolean): typeof lookup {
  const guarded = (
    host: string,
    options: object,
    callback: (error: Error | null, ...found: unknown[]) => void,
  ): void => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error);
      const allowed = addresses.filter(({ address }) => mayReach(protocol, address, mayReachPrivate));
      // A name that leads to such an address as well is somebody's trick: it is not tried at all.
      if (allowed.length < addresses.length || allowed[0] === undefined) return callback(new ForbiddenAddress(host));
      if ('all' in options && options.all === true) return callback(null, allowed);
      return callback(null, allowed[0].address, allowed[0].family);
    });
  };
  return guarded as typeof lookup;
}

const lookUpMs = 5000;

/** What is wrong with an address that somebody names, or undefined. A name that cannot be looked up now may be later. */
export async function faultOf(url: URL, mayReachPrivate: boolean): Promise<'unknown' | 'private' | undefined> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return mayReach(url.protocol, host, mayReachPrivate) ? undefined : 'private';
  const looking = lookUpFault(url.protocol, host, mayReachPrivate);
  return (await endsWithin(looking, lookUpMs)) ? looking : undefined;
}

async function lookUpFault(
  protocol: string,
  host: string,
  mayReachPrivate: boolean,
): Promise<'unknown' | 'private' | undefined> {
  try {
    const found = await lookUp(host, { all: true });
    return found.every(({ address }) => mayReach(protocol, address, mayReachPrivate)) ? undefined : 'private';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTFOUND' ? 'unknown' : undefined;
  }
}
