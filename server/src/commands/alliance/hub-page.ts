import { createHash } from 'node:crypto';
import { languages, type Language } from '@bronze-drum/protocol/languages';
import { demoBank } from './hub-entry.ts';
import { mark, seatsAroundDrum } from './hub-drawing.ts';
import { deskRoles } from './hub-looks.ts';
import { countryIn, storySection, type Saying } from './hub-story.ts';
import { script, style } from './hub-style.ts';
import { hubWords, languageOf, nativeNames } from './hub-words/hub-words.ts';
import type { HubWords } from './hub-words/wording.ts';
import { escaped } from './markup.ts';
import type { Seat } from './plan.ts';
import type { Standing } from './standing.ts';
import type { StoryView } from './story-desk.ts';

export interface HubView {
  readonly language: Language;
  readonly members: readonly (Seat & Standing)[];
  /** The file with the demo sign-ins; its content is nobody's business here. */
  readonly demoFile: string;
  readonly story: StoryView;
}

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing from elsewhere, nothing inline but the one style and script; what a form leads to is this page or a member's desk. */
export function hubPolicy(desks: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src ${digest(style)}`,
    `script-src ${digest(script)}`,
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    ["form-action 'self'", ...desks].join(' '),
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The page that leads to the six desks; it says and does all that it does without a script too. */
export function hubPage(view: HubView): string {
  const words = hubWords[view.language];
  const saying: Saying = { words, query: `?lang=${view.language}` };
  const { standing, desks, story } = words;
  const body = `${bar(view.language, words)}
${opening(view, words)}
<h2 id="desks">${escaped(desks.heading)}</h2>
<p>${escaped(desks.lead)}</p>
<p id="summary" role="status" data-silent="${escaped(standing.silent)}">${escaped(summaryOf(view, words))}</p>
<ul class="members">
${view.members.map((member) => memberItem(member, saying)).join('\n')}
</ul>
<h2 id="story">${escaped(story.heading)}</h2>
<section aria-labelledby="story">${storySection(view.story, saying)}</section>
${byHand(view, words)}`;
  return documentOf(
    view.language,
    words.title,
    body,
    `<noscript><meta http-equiv="refresh" content="10"></noscript>`,
    `<script>${script}</script>`,
  );
}

/** What is said when a click did not lead to a desk. */
export function troublePage(language: Language, trouble: 'unknown' | 'notReady' | 'refused'): string {
  const words = hubWords[language];
  const { heading, back } = words.trouble;
  const text = trouble === 'refused' ? words.trouble.refused : words.trouble.notReady;
  const body = `${bar(language, words)}
<h2>${escaped(heading)}</h2>
<p>${escaped(text)}</p>
<p><a href="/?lang=${language}">${escaped(back)}</a></p>`;
  return documentOf(language, words.title, body);
}

function documentOf(language: Language, title: string, body: string, head = '', foot = ''): string {
  return `<!doctype html>
<html lang="${tagOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
${head}
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
${foot}
</body>
</html>
`;
}

/** The script of Chinese is said: it decides which shapes a browser draws. */
const tagOf = (language: Language): string => (language === 'zh' ? 'zh-Hans' : language);

function bar(language: Language, words: HubWords): string {
  const tongues = languages.map(
    (one) =>
      `<li><a href="/?lang=${one}" lang="${tagOf(one)}" hreflang="${tagOf(one)}"${one === language ? ' aria-current="true"' : ''}>${nativeNames[one]}</a></li>`,
  );
  return `<header class="bar">
<div class="brand">${mark}<h1>Bronze Drum</h1></div>
<nav aria-label="${escaped(words.languages)}"><ul class="tongues">${tongues.join('')}</ul></nav>
</header>`;
}

/** What this is, in a minute. */
function opening({ members }: HubView, words: HubWords): string {
  const { explained, picture } = words;
  const seats = members.map(({ member, ready, hears }) => ({
    name: countryIn(words, member),
    ready,
    isCutOff: hears?.isCutOff === true,
  }));
  const paragraphs = explained.map(({ heading, text }) => `<h2>${escaped(heading)}</h2>\n<p>${escaped(text)}</p>`);
  return `<div class="opening">
<div>
<p class="lead">${escaped(words.lead)}</p>
${paragraphs.join('\n')}
</div>
<figure>${seatsAroundDrum(seats, picture.label)}
<figcaption><span><svg viewBox="0 0 24 16" aria-hidden="true"><path d="M1,8H23"/></svg>${escaped(picture.shared)}</span>
<span><svg class="kept" viewBox="-12 -8 24 16" aria-hidden="true"><path d="M-7,7V-1L0,-8L7,-1V7Z"/></svg>${escaped(picture.home)}</span></figcaption></figure>
</div>`;
}

function summaryOf({ members }: HubView, words: HubWords): string {
  const ready = members.filter((member) => member.ready).length;
  const cutOff = members.filter(({ hears }) => hears?.isCutOff === true).map(({ member }) => countryIn(words, member));
  const cut = cutOff.length === 0 ? '' : ` ${words.standing.cutOff(cutOff.join(', '))}`;
  return `${words.standing.ready(ready, members.length)}${cut}`;
}

function memberItem({ member, address, ready, hears, alerts }: Seat & Standing, saying: Saying): string {
  const { words, query } = saying;
  const { standing, desks } = words;
  const country = countryIn(words, member);
  const enter = (as: string, label: string, isMain = false): string =>
    `<form method="post" action="/enter/${escaped(member)}/${as}${query}" target="_blank" rel="noopener"><button${isMain ? ' class="main"' : ''} aria-label="${escaped(`${country}: ${label}`)}"${ready ? '' : ' disabled'}>${escaped(label)}</button></form>`;
  const [first, ...others] = deskRoles;
  const small = others.map((role) => enter(role, desks.roles[role]));
  return `<li>
<h3>${escaped(country)}${nativeName(member, words)}</h3>
<p class="state ${ready ? 'up' : 'down'}">${escaped(ready ? standing.up : standing.down)}</p>
<p class="soft">${escaped(hearsText(hears, words))}</p>
<p class="soft">${escaped(alertsText(alerts, words))}</p>
<div class="first">${enter(first, desks.enter, true)}</div>
<div class="others"><span class="soft">${escaped(desks.others)}</span>
${[...small, enter(demoBank, desks.bank)].join('\n')}</div>
<p class="address"><a href="${escaped(address)}/">${escaped(address)}</a></p>
</li>`;
}

/** The country's own name for itself, beside that of the page's language. */
function nativeName(member: string, words: HubWords): string {
  const own = (languageOf as Readonly<Record<string, Language>>)[member];
  if (own === undefined) return '';
  const name = countryIn(hubWords[own], member);
  return name === countryIn(words, member) ? '' : ` <small lang="${tagOf(own)}">${escaped(name)}</small>`;
}

function hearsText(hears: Standing['hears'], { standing }: HubWords): string {
  if (hears === undefined) return standing.hearsUnknown;
  return hears.isCutOff ? standing.isCutOff : standing.hears(hears.live, hears.of);
}

function alertsText(alerts: Standing['alerts'], { standing }: HubWords): string {
  if (alerts === undefined) return standing.waitsUnknown;
  return alerts.open === 0 ? standing.nothingWaits : standing.alerts(alerts.open, alerts.urgent);
}

function byHand({ members, demoFile }: HubView, words: HubWords): string {
  const pair = exampleMembers(members.map(({ member }) => member));
  const cutting = [`npx drum alliance cut ${pair.to}`, `npx drum alliance heal ${pair.to}`];
  const shell = (lines: readonly string[]): string => `<pre><code>${escaped(lines.join('\n'))}</code></pre>`;
  return `<div class="hand">
<section><h2>${escaped(words.signIn.heading)}</h2>
<p>${escaped(words.signIn.text)}</p>
${shell([demoFile])}</section>
<section><h2>${escaped(words.try.heading)}</h2>
<p>${escaped(words.try.text)}</p>
${shell(examples(pair))}
<p>${escaped(words.try.cut)}</p>
${shell(cutting)}
<p class="soft">${escaped(words.try.stop)}</p></section>
</div>`;
}

/** Between whom the examples go: where nothing must be approved before it leaves, if such a member takes part. */
export function exampleMembers(members: readonly string[]): { from: string; to: string } {
  const from = members.includes('kh') ? 'kh' : (members.find((member) => member !== 'cn') ?? 'cn');
  return { from, to: members.findLast((member) => member !== from) ?? from };
}

/** What to type to see a listing travel. */
export function examples({ from, to }: { from: string; to: string }): string[] {
  return [
    `printf '45.66.77.88\\n' > my-feed.txt`,
    `npx drum import my-feed.txt --as ip --tier observed --source "my feed" --member ${from}`,
    `npx drum screen ip:45.66.77.88 --member ${to}`,
  ];
}
