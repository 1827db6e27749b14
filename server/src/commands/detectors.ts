import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { pause } from '../platform/loops.ts';
import type { DetectorState, DetectorStates, Replay } from '../detection/contract.ts';
import { CommandError, connect, type Connection, type ConnectionOptions } from './connection.ts';
import { print, printTable } from './officer.ts';

interface Options extends ConnectionOptions {
  readonly json?: boolean;
}

/** `drum detectors`: what is looked for, how much of it is found, and what another setting would find. */
export function detectorsCommand(): Command {
  return new Command('detectors')
    .description('List the detectors: how each is set, what it found, and what officers made of it')
    .option('--json', 'print one JSON object')
    .action(async (_options: unknown, self: Command) => list(self.optsWithGlobals<Options>()))
    .addCommand(
      new Command('try')
        .description('Try other limits on what was reported in the last hours; nothing is changed and nobody alerted')
        .argument(
          '<file>',
          'JSON as `detection` in the policy: {"detectors": {"fan-in": {"limits": {"sendersMin": 12}}}}',
        )
        .option('--hours <number>', 'how far back', readHours, 24)
        .option('--json', 'print one JSON object')
        .action(async (file: string, _options: unknown, self: Command) =>
          tryOut(file, self.optsWithGlobals<Options & { hours: number }>()),
        ),
    );
}

const hoursMax = 24 * 31;
const lookEveryMs = 500;

function readHours(text: string): number {
  const hours = Number(text);
  if (Number.isInteger(hours) && hours > 0 && hours <= hoursMax) return hours;
  throw new CommandError(`--hours takes a number from 1 to ${hoursMax}`);
}

async function list(options: Options): Promise<void> {
  const connection = await connect(options);
  const states = await connection.call<DetectorStates>('GET', '/v1/detection/detectors');
  if (options.json === true) return print(JSON.stringify(states));
  const { records, state, detectors } = states;
  print(
    `${records.day} records in the last 24 hours; ${state.accounts} accounts are known, in ${Math.round(state.bytes / 1e6)} MB.`,
  );
  printTable(
    ['DETECTOR', 'VERSION', 'MODE', 'TODAY', '7 DAYS', 'RIGHT', 'WRONG', 'PRECISION', 'DRIFT'],
    detectors.map(rowOf),
  );
}

const rowOf = ({ name, version, mode, findings, judged, drift }: DetectorState): string[] => [
  name,
  String(version),
  mode,
  String(findings.day),
  String(findings.week),
  String(judged.right),
  String(judged.wrong),
  judged.precision === null ? '' : `${Math.round(judged.precision * 100)} %`,
  drift.state === 'unknown' ? '' : drift.state,
];

async function tryOut(file: string, options: Options & { readonly hours: number }): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError(`${file} cannot be read`);
  });
  const connection = await connect(options);
  const begun = await connection.call<Replay>('POST', '/v1/detection/replays', {
    rules: parsed(text, file),
    hours: options.hours,
  });
  const { records, result, state } = await ended(connection, begun);
  if (result === null) throw new CommandError(`the replay was ${state} before its end`);
  if (options.json === true) return print(JSON.stringify({ records, ...result }));
  const { before, after, gained, lost } = result.alerts;
  print(
    `${records} records. Found now: ${before}; with the change: ${after}, of which ${gained} new; ${lost} no longer.`,
  );
  if (result.detectors.length > 0)
    printTable(
      ['DETECTOR', 'NOW', 'THEN', 'GAINED', 'LOST', 'FOR EXAMPLE'],
      result.detectors.map((each) => [
        each.detector,
        String(each.before),
        String(each.after),
        String(each.gained),
        String(each.lost),
        [...each.examples.gained.map((key) => `+${key}`), ...each.examples.lost.map((key) => `-${key}`)]
          .slice(0, 2)
          .join(' '),
      ]),
    );
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${file} is not JSON`);
  }
}

async function ended(connection: Connection, replay: Replay): Promise<Replay> {
  let now = replay;
  while (now.state === 'running') {
    await pause(lookEveryMs);
    now = await connection.call<Replay>('GET', `/v1/detection/replays/${replay.id}`);
    process.stderr.write(`\r${now.records} records …`);
  }
  process.stderr.write('\r');
  return now;
}
