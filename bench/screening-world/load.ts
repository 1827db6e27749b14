import autocannon from 'autocannon';
import { answerAsker } from './child.ts';
import { spelling, syntheticKey } from './listings.ts';

export interface Load {
  readonly port: number;
  readonly key: string;
  readonly size: number;
  readonly seconds: number;
}
export interface Loaded {
  readonly perSecond: number;
  readonly sent: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const connections = 64;
const bodiesAConnection = 300;

/** Calls of one identifier each, half of them of what is listed, each in one of its spellings. */
answerAsker(
  async ({ port, key, size, seconds }: Load) => {
    const drawRequest = () => {
      const n = Math.floor(Math.random() * size * 2);
      return { body: JSON.stringify({ identifiers: [spelling(syntheticKey(n), n)] }) };
    };
    const drawRequests = () => Array.from({ length: bodiesAConnection }, drawRequest);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const url = `http://127.0.0.1:${port}/v1/screen`;
    const result = await autocannon({
      url,
      method: 'POST',
      connections,
      duration: seconds,
      headers,
      requests: [drawRequest()],
      setupClient: (client) => client.setRequests(drawRequests()),
    });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
    const loaded: Loaded = {
      perSecond: result.requests.average,
      sent: result.requests.sent,
      p50Ms: result.latency.p50,
      p99Ms: result.latency.p99,
    };
    return loaded;
  },
  async () => undefined,
);
