/** What is used of it. */
declare module 'autocannon' {
  interface Options {
    url: string;
    method: string;
    connections: number;
    duration: number;
    headers: Record<string, string>;
    requests: { body: string }[];
    setupClient: (client: { setRequests(requests: { body: string }[]): void }) => void;
  }
  interface Result {
    requests: { average: number; sent: number };
    latency: { p50: number; p99: number };
    non2xx: number;
    errors: number;
  }
  export default function autocannon(options: Options): Promise<Result>;
}
