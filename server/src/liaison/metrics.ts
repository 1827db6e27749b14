import { Gauge } from 'prom-client';
import type { Db } from '../platform/db.ts';
import type { Telemetry } from '../platform/telemetry.ts';
import { openStates } from './rules.ts';

/** How many requests are open, in each direction. */
export function measureRequests({ metrics }: Telemetry, db: Db, self: string): void {
  void new Gauge({
    name: 'drum_liaison_open_requests',
    help: 'Requests that were sent and not answered in full',
    labelNames: ['direction'],
    registers: [metrics],
    async collect() {
      const [row] = await db.query<{ outgoing: number; incoming: number }>(
        `SELECT count(*) FILTER (WHERE asking = $1) AS outgoing, count(*) FILTER (WHERE asked = $1) AS incoming
         FROM liaison.requests WHERE state = ANY ($2)`,
        [self, openStates],
      );
      this.set({ direction: 'out' }, row!.outgoing);
      this.set({ direction: 'in' }, row!.incoming);
    },
  });
}
