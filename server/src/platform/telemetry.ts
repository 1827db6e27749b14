import { pino, type Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';

export type { Logger } from 'pino';

export interface Telemetry {
  readonly log: Logger;
  readonly metrics: Registry;
}

/**
 * Structured logs on standard error, and metrics. Log a request's id, route and code; never its body, its query, an
 * identifier or a name: whoever reads logs is not in any book's audience.
 */
export function openTelemetry(options: { level: string; member: string }): Telemetry {
  const log = pino(
    {
      level: options.level,
      base: { member: options.member },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ['*.password', '*.authorization', '*.key', 'headers', 'body', 'query'], remove: true },
    },
    pino.destination({ dest: 2, sync: false }),
  );
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  return { log, metrics };
}
