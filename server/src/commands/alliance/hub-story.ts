import type { PlayedStep } from '@bronze-drum/simulator/story/playing';
import { storyRing } from './hub-drawing.ts';
import { isStep, looksOf, type Look } from './hub-looks.ts';
import type { HubWords } from './hub-words/wording.ts';
import { escaped } from './markup.ts';
import type { StoryView } from './story-desk.ts';

/** How the page says something: its words, and what goes with every address so that the language stays. */
export interface Saying {
  readonly words: HubWords;
  /** Such as `?lang=km`. */
  readonly query: string;
}

/** The story on the page: what happens at each step, where to look, what was seen to follow, and what comes next. Its buttons work without a script. */
export function storySection(view: StoryView, saying: Saying): string {
  const { words } = saying;
  const { story } = words;
  if (view.missing.length > 0) {
    const missing = view.missing.map((member) => countryIn(words, member));
    return `<p class="soft">${escaped(story.missing(missing.join(', ')))}</p>`;
  }
  const { state, steps, run } = view;
  if (steps.length === 0) return `<p class="soft">${escaped(story.untold)}</p>`;
  const next = steps.find((step) => step.state === 'ahead');
  const isBusy = steps.some((step) => step.state === 'playing');
  const played = steps.filter((step) => step.state !== 'ahead');
  const act = (name: string, label: string, enabled: boolean, isMain = false): string =>
    `<form method="post" action="/story/${name}${saying.query}"><button${isMain ? ' class="main"' : ''}${enabled ? '' : ' disabled'}>${escaped(label)}</button></form>`;
  const progress = story.progress(played.length, steps.length);
  return `<div class="stage">
<div class="dial">${storyRing(steps, progress)}
<p><b>${escaped(progress)}</b></p>
<p class="soft">${escaped(`${story.telling(run)} · ${story.states[state]}`)}</p></div>
<div class="told">
<h3>${escaped(titleOf(view, words))}</h3>
<p class="soft">${escaped(story.pace)}</p>
<div role="status">${nowPart(played.at(-1), saying)}</div>
${nextPart(next, saying)}
<div class="acts">
${act('play', story.play, next !== undefined && state !== 'playing', state !== 'playing')}
${act('pause', story.pause, state === 'playing', state === 'playing')}
${act('step', story.step, next !== undefined && !isBusy && state !== 'playing')}
${act('again', story.again, state !== 'ready' && !isBusy)}
</div>
</div>
</div>
<details class="whole"><summary>${escaped(story.all)}</summary>
<ol class="steps">
${steps.map((step) => stepItem(step, saying)).join('\n')}
</ol>
<p class="soft">${escaped(story.shell)} <code>npx drum story step</code>, <code>play</code>, <code>pause</code>, <code>again</code></p>
</details>`;
}

function nowPart(step: PlayedStep | undefined, saying: Saying): string {
  if (step === undefined) return '';
  return `<h3>${escaped(saying.words.story.now)}</h3>
${line(step, saying, 'line')}
${looksPart(step, saying)}${seenPart(step, saying)}`;
}

function nextPart(next: PlayedStep | undefined, saying: Saying): string {
  const { story } = saying.words;
  if (next === undefined) return `<p>${escaped(story.end)}</p>`;
  return `<h3>${escaped(story.next)}</h3>
${line(next, saying, 'coming')}`;
}

function stepItem(step: PlayedStep, saying: Saying): string {
  const rest = step.state === 'ahead' ? '' : `${looksPart(step, saying)}${seenPart(step, saying)}`;
  return `<li class="${step.state}" aria-label="${escaped(saying.words.story.stepStates[step.state])}">${line(step, saying)}${rest}</li>`;
}

function line({ id, at, says }: PlayedStep, { words }: Saying, style?: string): string {
  const told = isStep(id) ? words.story.told?.steps[id] : undefined;
  const text = told === undefined ? `<span lang="en">${escaped(says)}</span>` : escaped(told);
  return `<p${style === undefined ? '' : ` class="${style}"`}><span class="when">${timeOf(at)}</span> ${text}</p>`;
}

/** One click each: whose desk, and what on it. */
function looksPart({ id }: PlayedStep, saying: Saying): string {
  const looks = looksOf(id);
  if (looks.length === 0) return '';
  const buttons = looks.map(
    (look, place) =>
      `<form method="post" action="/look/${id}/${place}${saying.query}" target="_blank" rel="noopener"><button>${lookText(look, saying.words)}</button></form>`,
  );
  return `<div class="looks"><span>${escaped(saying.words.story.look)}</span>\n${buttons.join('\n')}</div>\n`;
}

function lookText({ member, as, view }: Look, words: HubWords): string {
  return `<b>${escaped(`${words.countries[member]} · ${asWhom(as, words)}`)}</b>: ${escaped(words.story.views[view])}`;
}

function asWhom(as: Look['as'], { desks }: HubWords): string {
  const [kind, place] = as.split(' ');
  if (place === undefined) return desks.roles[as as keyof typeof desks.roles];
  return kind === 'crypto' ? desks.exchange : `${desks.bank} ${place}`;
}

/** What was seen to follow. The checks themselves are the story's own, in English. */
function seenPart({ outcomes, trouble }: PlayedStep, { words }: Saying): string {
  const wrong = trouble === undefined ? [] : [`<li class="no">✗ ${escaped(trouble)}</li>`];
  const seen = outcomes.map(
    ({ expectation, held, afterMs }) =>
      `<li class="${held ? 'yes' : 'no'}">${held ? '✓' : '✗'} ${escaped(expectation)}${held ? ` <span class="when">${(afterMs / 1000).toFixed(1)} s</span>` : ''}</li>`,
  );
  if (seen.length + wrong.length === 0) return '';
  const held = outcomes.filter((one) => one.held).length;
  const isWell = wrong.length === 0 && held === outcomes.length;
  const summary = words.story.followed(held, outcomes.length + wrong.length);
  return `<details${isWell ? '' : ' open'}><summary class="${isWell ? 'yes' : 'no'}">${isWell ? '✓' : '✗'} ${escaped(summary)}</summary>
<ul class="seen" lang="en">${seen.join('')}${wrong.join('')}</ul></details>`;
}

const titleOf = ({ story, title }: StoryView, { story: { told } }: HubWords): string =>
  story === 'fake-police' && told !== undefined ? told.title : title;

/** A member's country as the words say it. */
export const countryIn = ({ countries }: HubWords, member: string): string =>
  (countries as Readonly<Record<string, string>>)[member] ?? member;

/** A time of the story as people say it: before and after the moment when the money leaves. */
export function timeOf(seconds: number): string {
  const whole = Math.abs(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  const text = `${minutes}:${String(rest).padStart(2, '0')}`;
  return seconds === 0 ? '0:00' : `${seconds < 0 ? '−' : '+'}${text}`;
}
