import { pino, type DestinationStream, type Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';

export interface Telemetry {
  readonly log: Logger;
  readonly metrics: Registry;
}

/**
 * Structured logs on standard error, and metrics. Log a request's id, route and code; never its body, its query, an
 * identifier or a name: whoever reads logs is not in any book's audience.
 */
export function openTelemetry(options: {
  level: string;
  member: string;
  /** Where the logs go instead. */
  destination?: DestinationStream;
}): Telemetry {
  const log = pino(
    {
      level: options.level,
      base: { member: options.member },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ['*.password', '*.authorization', '*.key', 'headers', 'body', 'query'], remove: true },
      serializers: { err: writtenError },
    },
    options.destination ?? pino.destination({ dest: 2, sync: false }),
  );
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  return { log, metrics };
}

/** What PostgreSQL adds to its errors that names our own things. Its message, detail and context quote values. */
const databaseFields = ['code', 'schema', 'table', 'column', 'constraint', 'routine'] as const;

/** An error for the log: where it happened, and what it says unless that may quote somebody's data. */
function writtenError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const fields = error as Error & Partial<Record<(typeof databaseFields)[number] | 'severity', string>>;
  const said =
    fields.severity === undefined
      ? { message: error.message }
      : Object.fromEntries(
          databaseFields.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
        );
  const cause = error.cause === undefined ? undefined : writtenError(error.cause);
  return { type: error.name, ...said, frames, ...(cause && { cause }) };
}
