import { Gauge, type Registry } from 'prom-client';
import type { Links } from './contract.ts';

/** How far each neighbour is behind, in both directions, as `/metrics` shows it. Names of books are nobody's business there. */
export function measure(metrics: Registry, ask: { links(): Promise<Links>; held(): Promise<number> }): void {
  const registers = [metrics];
  const up = new Gauge({
    name: 'drum_federation_link_up',
    help: '1 while a neighbour is heard',
    labelNames: ['party'],
    registers,
  });
  const behind = new Gauge({
    name: 'drum_federation_behind_statements',
    help: 'Statements that a neighbour has shown and that are not applied here',
    labelNames: ['party'],
    registers,
  });
  const unread = new Gauge({
    name: 'drum_federation_unread_statements',
    help: 'Statements of ours that a neighbour has not yet said it applied',
    labelNames: ['party'],
    registers,
  });
  const heldBack = new Gauge({ name: 'drum_federation_held_statements', help: 'Statements in quarantine', registers });
  const forks = new Gauge({
    name: 'drum_federation_forks',
    help: 'Books of which two histories were shown',
    registers: [],
    async collect() {
      const { links } = await ask.links();
      let count = 0;
      for (const { party, state, reads, read } of links) {
        up.set({ party }, state === 'live' ? 1 : 0);
        behind.set({ party }, unapplied(reads));
        unread.set({ party }, unapplied(read));
        count += reads.filter((book) => book.forked).length;
      }
      heldBack.set(await ask.held());
      this.set(count);
    },
  });
  metrics.registerMetric(forks);
}

const unapplied = (books: readonly { size: number; applied: number }[]): number =>
  books.reduce((sum, book) => sum + Math.max(0, book.size - book.applied), 0);
