import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../server/src/platform/embedded-postgres.ts';
import type { BenchOptions, Figure } from './bench.ts';
import { startChild, type Child } from './screening-world/child.ts';
import type { Load, Loaded } from './screening-world/load.ts';

const sizeDefault = 10_000_000;
const rounds = 7;
const seconds = 5;
/** As long as it takes until the compiler has seen enough of both. */
const warmUpSeconds = 12;

interface Server {
  readonly child: Child;
  readonly port: number;
  readonly key: string;
}
interface Round extends Loaded {
  /** Of the server's processor, which no load generator on the same machine can take away or lend. */
  readonly cpuMicroseconds: number;
}

/**
 * POST /v1/screen with one identifier a call, of which half are listed, hits written to PostgreSQL; against a bare Fastify
 * route that echoes the same bodies. Each server and the load have a process of their own, and the two take turns.
 */
export async function run(options: BenchOptions): Promise<Figure[]> {
  const size = options.size ?? sizeDefault;
  const folder = await mkdtemp(join(tmpdir(), 'drum-bench-'));
  const postgres = await startEmbeddedPostgres(folder, () => undefined);
  const load = startChild(new URL('screening-world/load.ts', import.meta.url));
  const echo = startChild(new URL('screening-world/echo-server.ts', import.meta.url));
  const screen = startChild(new URL('screening-world/screen-server.ts', import.meta.url));
  try {
    const database = { ...postgres.connection, database: 'postgres' };
    const peer: Server = { child: echo, ...(await echo.ask<Omit<Server, 'child'>>({ ask: 'address' })) };
    const subject: Server = {
      child: screen,
      ...(await screen.ask<Omit<Server, 'child'>>({ ask: 'address', database, size })),
    };
    const turns: { ours: Round; theirs: Round }[] = [];
    for (const server of [peer, subject]) await roundOf(load, server, size, warmUpSeconds);
    for (let round = 0; round < rounds; round += 1) {
      const theirs = await roundOf(load, peer, size, seconds);
      turns.push({ theirs, ours: await roundOf(load, subject, size, seconds) });
    }
    const hits = await screen.ask<{ recorded: number; found: number; refused: number; all: number }>({ ask: 'hits' });
    return [...figuresOf(turns), ...figuresOfHits(hits)];
  } finally {
    await Promise.all([load, echo, screen].map((child) => child.close()));
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function roundOf(load: Child, server: Server, size: number, duration: number): Promise<Round> {
  const { port, key } = server;
  const from = await server.child.ask<NodeJS.CpuUsage>({ ask: 'cpu' });
  const loaded = await load.ask<Loaded>({ port, key, size, seconds: duration } satisfies Load);
  const to = await server.child.ask<NodeJS.CpuUsage>({ ask: 'cpu' });
  return { ...loaded, cpuMicroseconds: (to.user - from.user + to.system - from.system) / loaded.sent };
}

function figuresOf(turns: readonly { ours: Round; theirs: Round }[]): Figure[] {
  const figure = (name: string, unit: string, read: (round: Round) => number): Figure => {
    const value = median(turns.map(({ ours }) => read(ours)));
    const baseline = median(turns.map(({ theirs }) => read(theirs)));
    // Neighbours in time have seen the same weather: the median of their ratios, not the ratio of medians.
    return { name, value, unit, baseline, ratio: median(turns.map(({ ours, theirs }) => read(ours) / read(theirs))) };
  };
  return [
    figure('screen-http answers (bare Fastify echo)', 'requests/s', (round) => round.perSecond),
    figure('screen-http p99 (bare Fastify echo)', 'ms', (round) => round.p99Ms),
    figure('screen-http processor a request (bare Fastify echo)', 'µs', (round) => round.cpuMicroseconds),
  ];
}

function figuresOfHits(hits: { recorded: number; found: number; refused: number; all: number }): Figure[] {
  const figure = (name: string, value: number, baseline: number): Figure => ({
    name,
    value,
    unit: 'identifiers',
    baseline,
    ratio: value / baseline,
  });
  return [
    figure('screen-http hits in the database (hits answered)', hits.recorded, hits.found),
    figure('screen-http hits (all answers)', hits.found, hits.all),
    figure('screen-http refused (all answers)', hits.refused, hits.all),
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
