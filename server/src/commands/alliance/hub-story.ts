import type { PlayedStep } from '@bronze-drum/simulator/story/playing';
import { escaped } from './markup.ts';
import type { StoryView } from './story-desk.ts';

/** The story on the page: what happens at each step, and what was seen to follow. Its buttons work without a script. */
export function storySection(view: StoryView): string {
  if (view.missing.length > 0)
    return `<p class="soft">It is played by ${escaped(view.missing.join(', '))} too, and their servers are not here.</p>`;
  const { title, state, steps, run } = view;
  const next = steps.find((step) => step.state === 'ahead');
  const isBusy = steps.some((step) => step.state === 'playing');
  const act = (name: string, label: string, enabled: boolean): string =>
    `<form method="post" action="/story/${name}"><button${enabled ? '' : ' disabled'}>${label}</button></form>`;
  return `<p><b>${escaped(title)}</b>, told the ${ordinal(run)} time: ${stateInWords[state]}. Its times are those of the story; played, it goes
sixty times as fast. The same from a shell: <code>npx drum story step</code>, <code>play</code>, <code>pause</code>, <code>again</code>.</p>
<div class="acts">
${act('step', 'Next step', next !== undefined && !isBusy && state !== 'playing')}
${act('play', 'Play', next !== undefined && state !== 'playing')}
${act('pause', 'Pause', state === 'playing')}
${act('again', 'From the beginning', state !== 'ready' && !isBusy)}
</div>
<ol class="steps">
${steps.map(stepItem).join('\n')}
</ol>`;
}

const stateInWords: Readonly<Record<StoryView['state'], string>> = {
  ready: 'not begun',
  playing: 'playing',
  paused: 'paused',
  over: 'over',
};
const stepWords: Readonly<Record<PlayedStep['state'], string>> = {
  ahead: 'ahead',
  playing: 'now',
  held: 'everything followed that should',
  broken: 'not everything followed that should',
};

function stepItem({ state, at, says, outcomes, trouble }: PlayedStep): string {
  const seen = outcomes.map(
    ({ expectation, held, afterMs }) =>
      `<li class="${held ? 'yes' : 'no'}">${held ? '✓' : '✗'} ${escaped(expectation)}${held ? ` <span class="when">${(afterMs / 1000).toFixed(1)} s</span>` : ''}</li>`,
  );
  const wrong = trouble === undefined ? '' : `<li class="no">✗ ${escaped(trouble)}</li>`;
  const list = seen.length === 0 && wrong === '' ? '' : `\n<ul class="seen">${seen.join('')}${wrong}</ul>`;
  return `<li class="${state}" aria-label="${stepWords[state]}"><p><span class="when">${timeOf(at)}</span> ${escaped(says)}</p>${list}</li>`;
}

/** A time of the story as people say it: before and after the moment when the money leaves. */
export function timeOf(seconds: number): string {
  const whole = Math.abs(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  const text = `${minutes}:${String(rest).padStart(2, '0')}`;
  return seconds === 0 ? '0:00' : `${seconds < 0 ? '−' : '+'}${text}`;
}

function ordinal(count: number): string {
  const rest = count % 100;
  const ending = rest > 10 && rest < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
