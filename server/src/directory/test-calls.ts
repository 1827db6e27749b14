import type { AddressInfo } from 'node:net';
import type { Clock } from '../kernel/clock.ts';
import { openHttp, type Http } from '../platform/http.ts';
import type { TlsTexts } from '../platform/mutual-tls.ts';
import type { Signer } from '../platform/signer.ts';
import { openTelemetry } from '../platform/telemetry.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { openCalls, refuseWhenIsolated, type Calls } from './calls.ts';

/** A party's server as the others meet it: it answers signed calls, and can be cut off. */
export interface TestParty {
  readonly code: string;
  readonly signer: Signer;
  readonly calls: Calls;
  readonly http: Http;
  isolated: boolean;
  address: string | undefined;
}

/** Parties that know each other's keys and, once they listen, addresses. */
export interface TestAlliance {
  readonly parties: ReadonlyMap<string, TestParty>;
  /** A party whom all others know, or, as a stranger, nobody. */
  join(code: string, clock: Clock, options?: { tls?: TlsTexts; stranger?: boolean }): Promise<TestParty>;
  /** Opens the party's door; `routes` belong on its `http` before. */
  listen(party: TestParty): Promise<void>;
  close(): Promise<void>;
}

export function openTestAlliance(): TestAlliance {
  const parties = new Map<string, TestParty>();
  const known = new Set<string>();
  return {
    parties,
    async join(code, clock, { tls, stranger = false } = {}) {
      const signer = openTestSigner();
      const calls = openCalls({
        self: code,
        clock,
        signer,
        callKeysOf: (other) => (known.has(other) ? [parties.get(other)!.signer.publicKey('call')] : []),
        addressOf: (other) => parties.get(other)?.address,
        isIsolated: () => party.isolated,
        tls,
      });
      const http = await openHttp(openTelemetry({ level: 'silent', member: code }), tls);
      const party: TestParty = { code, signer, calls, http, isolated: false, address: undefined };
      refuseWhenIsolated(http, () => party.isolated);
      parties.set(code, party);
      if (!stranger) known.add(code);
      return party;
    },
    async listen(party) {
      await party.http.listen({ host: '127.0.0.1', port: 0 });
      const { port } = party.http.server.address() as AddressInfo;
      party.address = `http${party.http.initialConfig.https ? 's' : ''}://127.0.0.1:${port}`;
    },
    async close() {
      for (const { calls, http } of parties.values()) {
        await calls.close();
        await http.close();
      }
    },
  };
}
