import { Command } from 'commander';
import { timeOf } from './alliance/hub-story.ts';
import { defaultSpeed } from './alliance/hub.ts';
import { planOf } from './alliance/plan.ts';
import type { StoryView } from './alliance/story-desk.ts';
import { CommandError } from './connection.ts';
import { print } from './officer.ts';

interface Options {
  readonly basePort?: string;
  readonly speed?: string;
  readonly json?: boolean;
}

/** `drum story …`: plays the scripted scenario on the alliance of this machine, a step at a time or by itself. */
export function storyCommand(): Command {
  const command = new Command('story').description('Play a story of a fraud on the alliance of this machine');
  const act = (name: string, what: string, method: 'GET' | 'POST' = 'POST'): Command =>
    command
      .command(name)
      .description(what)
      .option('--base-port <number>', 'the port of the alliance’s page')
      .option('--json', 'print what there is as one JSON object')
      .action(async (_options: unknown, self: Command) => {
        const options = self.optsWithGlobals<Options>();
        const speed = options.speed === undefined ? '' : `?speed=${encodeURIComponent(options.speed)}`;
        const path = method === 'GET' ? '/story' : `/story/${name}${speed}`;
        show(await ask(options, method, path), options, name === 'step');
      });
  act('status', 'Say how far it is, and what followed', 'GET');
  act('step', 'Play the next step, and say what followed');
  act('play', 'Play on by itself').option('--speed <number>', `so many times as fast (default: ${defaultSpeed})`);
  act('pause', 'Stop before the next step');
  act('again', 'Begin anew, with other numbers and accounts');
  return command;
}

async function ask(options: Options, method: string, path: string): Promise<StoryView> {
  const { hubAddress } = planOf(options);
  let response: Response;
  try {
    response = await fetch(`${hubAddress}${path}`, { method, headers: { accept: 'application/json' } });
  } catch {
    throw new CommandError(`no alliance answers at ${hubAddress}. Start it with: npm start`, 'unreachable');
  }
  if (response.status === 404) throw new CommandError('the alliance is not ready yet: try again in a moment');
  if (!response.ok) throw new CommandError(`the alliance answered ${response.status}`);
  return (await response.json()) as StoryView;
}

function show(view: StoryView, { json }: Options, lastOnly: boolean): void {
  if (json === true) return print(JSON.stringify(view));
  if (view.missing.length > 0)
    throw new CommandError(`the story is played by ${view.missing.join(', ')} too, and their servers are not here`);
  const played = view.steps.filter(({ state }) => state !== 'ahead');
  if (!lastOnly) print(`${view.title}: ${view.state}, ${played.length} of ${view.steps.length} steps`);
  for (const { at, says, state, outcomes, trouble } of lastOnly ? played.slice(-1) : played) {
    print(`${timeOf(at).padStart(7)}  ${says}${state === 'playing' ? ' …' : ''}`);
    for (const { expectation, held, afterMs } of outcomes)
      print(`         ${held ? '✓' : '✗'} ${expectation}${held ? ` (${(afterMs / 1000).toFixed(1)} s)` : ''}`);
    if (trouble !== undefined) print(`         ✗ ${trouble}`);
  }
  if (lastOnly && view.state === 'over') print('That was the last step. Begin anew with: npx drum story again');
}
