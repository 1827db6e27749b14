import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openTelemetry } from '../platform/telemetry.ts';
import { openHttp } from '../platform/http.ts';
import { operatorRoutes } from '../platform/operator-routes.ts';
import { PolicyFile } from '../kernel/policy.ts';
import { routesOf, type Rooms } from '../house.ts';
import { Envelope } from '@bronze-drum/protocol/statements/envelope';
import { statementKinds } from '@bronze-drum/protocol/statements/kinds';

const folder = new URL('../../../contracts/', import.meta.url);

/** Everything that others build on, as files: the HTTP API, the statements, the policy. */
async function contracts(): Promise<Map<string, string>> {
  const files = new Map<string, unknown>();
  files.set('openapi.json', await openApi());
  files.set('policy.json', jsonSchema('policy', PolicyFile));
  files.set('statements/envelope.json', jsonSchema('envelope', Envelope));
  for (const [kind, { version, body }] of Object.entries(statementKinds)) {
    files.set(`statements/${kind}.v${version}.json`, jsonSchema(`${kind}.v${version}`, body));
  }
  return new Map([...files].map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]));
}

function jsonSchema(name: string, schema: object): object {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:bronze-drum:${name}`, ...schema };
}

/** Routes are registered without anything behind them: documenting an API must need no database. */
async function openApi(): Promise<unknown> {
  const telemetry = openTelemetry({ level: 'silent', member: 'th' });
  const http = await openHttp(telemetry);
  const absent = new Proxy(() => undefined, { get: () => absent }) as unknown as never;
  operatorRoutes(http, telemetry, absent);
  routesOf(http, {
    journal: absent,
    access: absent,
    directory: absent,
    federation: absent,
    redress: absent,
    registry: absent,
    screening: absent,
    activity: absent,
    detection: absent,
    alerts: absent,
    webhooks: absent,
    live: absent,
    evidence: absent,
    orders: absent,
    liaison: absent,
    funds: absent,
  } satisfies Rooms);
  await http.ready();
  const document = http.swagger();
  await http.close();
  return document;
}

const stale: string[] = [];
for (const [name, text] of await contracts()) {
  const path = new URL(name, folder);
  if (process.argv.includes('--check')) {
    if ((await readFile(path, 'utf8').catch(() => '')) !== text) stale.push(name);
    continue;
  }
  await mkdir(new URL('.', path), { recursive: true });
  await writeFile(path, text);
}
if (stale.length > 0) {
  process.stderr.write(`contracts are out of date: ${stale.join(', ')}. Run: npm run contracts\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`contracts in ${fileURLToPath(folder)} are up to date\n`);
}
