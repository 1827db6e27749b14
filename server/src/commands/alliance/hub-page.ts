import { createHash } from 'node:crypto';
import { storySection } from './hub-story.ts';
import { escaped } from './markup.ts';
import type { Seat } from './plan.ts';
import type { Standing } from './standing.ts';
import type { StoryView } from './story-desk.ts';

export interface HubView {
  readonly members: readonly (Seat & Standing)[];
  /** The file with the demo sign-ins; its content is nobody's business here. */
  readonly demoFile: string;
  readonly story: StoryView;
}

const style = `
:root { color-scheme: light dark; --ground: #f6f1e6; --raised: #fffaf0; --ink: #2a1e10; --soft: #65543c; --line: #d3bf96;
  --bronze: #84591a; --gold: #b07d26; --up: #1d6b3a; --down: #9c2f20 }
@media (prefers-color-scheme: dark) { :root { --ground: #15100a; --raised: #201810; --ink: #f1e4c8; --soft: #c1ab83;
  --line: #4a3819; --bronze: #dfab57; --gold: #cf9a45; --up: #79cf93; --down: #f2937f } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 ui-serif, Georgia, "Noto Serif", serif }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
header { display: flex; flex-wrap: wrap; gap: 2rem; align-items: center }
header div { flex: 1 1 22rem }
h1 { font-size: 2.4rem; line-height: 1.1; margin: 0; letter-spacing: .01em }
h2 { font-size: 1.25rem; margin: 2.25rem 0 .75rem }
p { max-width: 42rem; margin: .75rem 0 0 }
.drum { width: min(15rem, 60vw); flex: none; fill: none; stroke: var(--gold); stroke-width: 1.2 }
.drum .solid { fill: var(--gold); stroke: none }
.drum .up { fill: var(--up); stroke: none } .drum .down { fill: var(--ground); stroke: var(--down) }
.members { list-style: none; margin: 0; padding: 0; display: grid; gap: .9rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)) }
.members li { background: var(--raised); border: 1px solid var(--line); border-top: 3px solid var(--gold); border-radius: .3rem; padding: .8rem 1rem 1rem }
h3 { margin: 0; font-size: 1.1rem } h3 small { color: var(--soft); font-weight: normal }
.members p { margin: .25rem 0 0 }
.state.up { color: var(--up) } .state.down { color: var(--down) }
.state::before { content: ""; display: inline-block; width: .62em; height: .62em; margin-right: .45em; border-radius: 50%; border: 2px solid currentColor }
.state.up::before { background: currentColor }
a { color: var(--bronze) } a:focus-visible { outline: 3px solid var(--gold); outline-offset: 2px }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere }
pre { overflow-x: auto; background: var(--raised); border: 1px solid var(--line); padding: .8rem 1rem; margin: .75rem 0 0; border-radius: .3rem }
.soft { color: var(--soft) }
.steps { list-style: none; margin: .75rem 0 0; padding: 0; border-left: 2px solid var(--line); max-width: 48rem }
.steps li { padding: .15rem 0 .7rem 1.1rem; position: relative }
.steps li::before { content: ""; position: absolute; left: -.45rem; top: .55rem; width: .7rem; height: .7rem; border-radius: 50%; background: var(--ground); border: 2px solid var(--soft) }
.steps .held::before { background: var(--up); border-color: var(--up) } .steps .broken::before { background: var(--down); border-color: var(--down) }
.steps .playing::before { background: var(--gold); border-color: var(--gold) }
.steps p { margin: 0 } .steps .when { color: var(--soft); font-variant-numeric: tabular-nums } .steps .ahead p { color: var(--soft) }
.seen { list-style: none; margin: .2rem 0 0; padding: 0; font-size: .92rem } .steps .seen li { padding: 0 } .seen li::before { display: none }
.seen .yes { color: var(--up) } .seen .no { color: var(--down) }
.acts { display: flex; flex-wrap: wrap; gap: .6rem; margin: .9rem 0 0 }
button { font: inherit; color: var(--ink); background: var(--raised); border: 1px solid var(--gold); border-radius: .3rem; padding: .3rem .9rem; cursor: pointer }
button:disabled { color: var(--soft); border-color: var(--line); cursor: default } button:focus-visible { outline: 3px solid var(--gold); outline-offset: 2px }
`;

/** Only what changed is put in place, so that a screen reader hears of changes alone. */
const script = `
setInterval(async () => {
  try {
    const text = await (await fetch("/", { cache: "no-store" })).text();
    const next = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["drum", "summary", "members", "story"]) {
      const here = document.getElementById(id), there = next.getElementById(id);
      if (here && there && here.innerHTML !== there.innerHTML) here.replaceChildren(...there.childNodes);
    }
  } catch { document.getElementById("summary").textContent = "The alliance no longer answers. Start it again with npm start."; }
}, 2000);
`;

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing from elsewhere, nothing inline but what stands above. */
export const hubPolicy = [
  "default-src 'none'",
  `style-src ${digest(style)}`,
  `script-src ${digest(script)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The page that leads to the six servers; it says all it says without a script too. */
export function hubPage(view: HubView): string {
  const pair = exampleMembers(view.members.map(({ member }) => member));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bronze Drum: the alliance on this machine</title>
<noscript><meta http-equiv="refresh" content="10"></noscript>
<style>${style}</style>
</head>
<body>
<main>
<header>
<svg class="drum" id="drum" viewBox="-120 -120 240 240" role="img" aria-label="The face of a bronze drum: a star within rings">${drum(view)}</svg>
<div>
<h1>Bronze Drum</h1>
<p>The nations of the Lancang-Mekong cooperation against telecom and online fraud, each with a server, a database, keys and a policy
of its own. Here all of them run on this machine, for demonstration.</p>
<p id="summary" role="status">${summaryOf(view)}</p>
</div>
</header>
<h2>Members</h2>
<ul class="members" id="members">
${view.members.map(memberItem).join('\n')}
</ul>
<h2>A story</h2>
<div id="story">${storySection(view.story)}</div>
<h2>Signing in</h2>
<p>Invented officers and institutions of each member, with their passwords and keys, are in this file, which only you can read:</p>
<pre><code>${escaped(view.demoFile)}</code></pre>
<h2>To try</h2>
<p>List something in one country, and ask in another a moment later:</p>
<pre><code>${escaped(examples(pair).join('\n'))}</code></pre>
<p class="soft">Cut a member off with <code>npx drum alliance cut ${escaped(pair.to)}</code>, and heal it with
<code>npx drum alliance heal ${escaped(pair.to)}</code>. Ctrl-C in the window of the alliance stops everything; what was
acknowledged is there at the next start.</p>
</main>
<script>${script}</script>
</body>
</html>
`;
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

function summaryOf({ members }: HubView): string {
  const ready = members.filter((member) => member.ready).length;
  const cutOff = members.filter(({ hears }) => hears?.isCutOff === true).map(({ name }) => name);
  const cut = cutOff.length === 0 ? '' : ` Cut off: ${escaped(cutOff.join(', '))}.`;
  return `${ready} of ${members.length} servers ready.${cut}`;
}

function memberItem({ member, name, address, ready, hears, alerts }: Seat & Standing): string {
  const state = ready ? 'Ready' : 'Not answering';
  return `<li>
<h3>${escaped(name)} <small>${escaped(member)}</small></h3>
<p class="state ${ready ? 'up' : 'down'}">${state}</p>
<p class="soft">${hearsText(hears)}</p>
<p class="soft">${alertsText(alerts)}</p>
<p><a href="${escaped(address)}/">${escaped(address)}</a></p>
</li>`;
}

function hearsText(hears: Standing['hears']): string {
  if (hears === undefined) return 'What it hears is not known';
  if (hears.isCutOff) return 'Cut off from its neighbours';
  return `Hears ${hears.live} of ${hears.of} neighbour${hears.of === 1 ? '' : 's'}`;
}

function alertsText(alerts: Standing['alerts']): string {
  if (alerts === undefined) return 'What waits at its desks is not known';
  if (alerts.open === 0) return 'Nothing waits at its desks';
  return `${alerts.open} alert${alerts.open === 1 ? '' : 's'} open, ${alerts.urgent} urgent`;
}

const turn = Math.PI * 2;

function at(radius: number, share: number): string {
  const angle = share * turn - turn / 4;
  return `${(radius * Math.cos(angle)).toFixed(2)},${(radius * Math.sin(angle)).toFixed(2)}`;
}

const around = (count: number, draw: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => draw(place)).join('');

/** Star, rings, teeth and tangent circles, as on drums; on the rim a boss for each member, filled when it is ready. */
function drum({ members }: HubView): string {
  const rays = 14;
  const star = around(rays * 2, (place) => `${at(place % 2 === 0 ? 34 : 12, place / (rays * 2))} `);
  const rings = [38, 42, 58, 62, 78, 98, 116].map((radius) => `<circle r="${radius}"/>`).join('');
  const circle = (radius: number, size: number, share: number): string => {
    const [x, y] = at(radius, share).split(',');
    return `<circle cx="${x}" cy="${y}" r="${size}"/><circle class="solid" cx="${x}" cy="${y}" r="${size / 4}"/>`;
  };
  const circles = around(28, (place) => circle(50, 5.4, place / 28));
  const teeth = around(56, (place) => {
    const share = place / 56;
    return `<path class="solid" d="M${at(64, share - 0.006)}L${at(64, share + 0.006)}L${at(76, share)}Z"/>`;
  });
  const waves = around(
    40,
    (place) => `<path d="M${at(81, place / 40)}L${at(95, (place + 0.5) / 40)}L${at(81, (place + 1) / 40)}"/>`,
  );
  const bosses = members.map(({ ready }, place) => {
    const [x, y] = at(107, place / members.length).split(',');
    return `<circle class="${ready ? 'up' : 'down'}" cx="${x}" cy="${y}" r="5.5"/>`;
  });
  return `<polygon class="solid" points="${star.trim()}"/>${rings}${circles}${teeth}${waves}${bosses.join('')}`;
}
