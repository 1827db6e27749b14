import { fontFaces } from './hub-fonts.ts';

/** The look of the hub page. Only its hash may be applied: nothing on the page bears a style of its own. */
export const style = `
${fontFaces}
:root { color-scheme: light dark; --ground: #f5efe2; --raised: #fffaf0; --sunk: #ebe1cb; --ink: #2a1e10; --soft: #65543c; --line: #d9c8a3;
  --bronze: #84591a; --gold: #b07d26; --pale: #e3d2a9; --up: #1d6b3a; --down: #9c2f20; --on: #fffaf0 }
@media (prefers-color-scheme: dark) { :root { --ground: #14100b; --raised: #1f1811; --sunk: #0e0b07; --ink: #f1e4c8; --soft: #c1ab83;
  --line: #45361d; --bronze: #dfab57; --gold: #cf9a45; --pale: #4a3a1e; --up: #79cf93; --down: #f2937f; --on: #1b140b } }
* { box-sizing: border-box }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.6 ui-serif, Georgia, "Noto Serif", serif }
:lang(zh) { font-family: ui-serif, Georgia, "Noto Serif CJK SC", "Noto Serif SC", "Songti SC", SimSun, "Noto Sans CJK SC", "Microsoft YaHei", serif }
:lang(km) { font-family: "Noto Serif Khmer", "Khmer OS Siemreap", "Khmer OS", "Noto Sans Khmer", "Khmer Sangam MN", "Leelawadee UI", Georgia, serif }
:lang(lo) { font-family: "Noto Serif Lao", "Phetsarath OT", "Noto Sans Lao", "Lao Sangam MN", "Leelawadee UI", Georgia, serif }
:lang(my) { font-family: "Pyidaungsu", "Noto Serif Myanmar", "Noto Sans Myanmar", "Myanmar Sangam MN", "Myanmar Text", Georgia, serif }
:lang(th) { font-family: "Noto Serif Thai", "Sarabun", "TH Sarabun New", "Noto Sans Thai", Thonburi, "Leelawadee UI", Georgia, serif }
:lang(vi), :lang(en) { font-family: ui-serif, Georgia, "Noto Serif", serif }
:lang(km), :lang(lo), :lang(my), :lang(th) { line-height: 1.85 }
main { max-width: 78rem; margin: 0 auto; padding: 1.25rem clamp(1rem, 3vw, 2.5rem) 4rem }
a { color: var(--bronze) } a:focus-visible, button:focus-visible, summary:focus-visible { outline: 3px solid var(--gold); outline-offset: 2px }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1.5rem; padding-bottom: .9rem; border-bottom: 3px double var(--line) }
.brand { display: flex; align-items: center; gap: .7rem }
.mark { width: 2.6rem; fill: none; stroke: var(--gold); stroke-width: 2 } .solid { fill: var(--gold); stroke: none }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; letter-spacing: .01em }
h2 { font-size: 1.3rem; line-height: 1.4; margin: 2.5rem 0 .2rem }
h3 { margin: 0; font-size: 1.08rem; line-height: 1.5 } h3 small { color: var(--soft); font-weight: normal; margin-left: .35em }
p { margin: .4rem 0 0; max-width: 46rem; text-wrap: pretty }
.tongues { display: flex; flex-wrap: wrap; gap: .1rem .35rem; list-style: none; margin: 0; padding: 0; font-size: .95rem }
.tongues a { display: block; padding: .15rem .5rem; border-radius: .3rem; text-decoration: none }
.tongues a:hover { background: var(--sunk) } .tongues a[aria-current] { background: var(--pale); color: var(--ink) }
.opening { display: grid; grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); gap: 1rem 3rem; align-items: center; padding-top: 1.25rem }
.lead { font-size: 1.15rem; max-width: 40rem }
.opening h2 { font-size: 1.05rem; margin-top: 1.1rem; color: var(--bronze) }
figure { margin: 0; text-align: center }
.drum { display: block; width: 100%; max-width: 27rem; margin: 0 auto; fill: none; stroke: var(--gold); stroke-width: 1.1 }
.drum text { fill: var(--ink); stroke: none; font-size: 14.5px; text-anchor: middle }
.seat circle { fill: var(--raised); stroke-width: 2 } .seat .home { stroke-width: 1.4 }
.seat.up { stroke: var(--up) } .seat.up .home { fill: var(--up); stroke: none } .seat.down { stroke: var(--down) } .seat.cut { stroke: var(--down); stroke-dasharray: 3 3 }
.way { stroke: var(--up); stroke-width: 2.4; stroke-dasharray: 4 4; animation: way 1.6s linear infinite }
@keyframes way { to { stroke-dashoffset: -16 } }
figcaption { display: flex; flex-wrap: wrap; justify-content: center; gap: .1rem 1.4rem; color: var(--soft); font-size: .92rem }
figcaption svg { width: 1.5rem; height: 1rem; vertical-align: -.15em; margin-right: .3rem; fill: none; stroke: var(--up); stroke-width: 2.4; stroke-dasharray: 4 3 }
figcaption svg.kept { fill: var(--up); stroke: none }
.soft { color: var(--soft) }
.members { list-style: none; margin: .9rem 0 0; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)) }
.members > li { display: flex; flex-direction: column; background: var(--raised); border: 1px solid var(--line); border-top: 3px solid var(--gold); border-radius: .35rem; padding: .8rem 1rem 1rem }
.members p { margin-top: .15rem; font-size: .95rem } .members .first { margin-top: auto; padding-top: .8rem }
.state::before { content: ""; display: inline-block; width: .62em; height: .62em; margin-right: .45em; border-radius: 50%; border: 2px solid currentColor }
.state.up { color: var(--up) } .state.up::before { background: currentColor } .state.down { color: var(--down) }
form { display: contents }
button { font: inherit; line-height: 1.5; color: var(--ink); background: var(--raised); border: 1px solid var(--gold); border-radius: .35rem; padding: .3rem .85rem; cursor: pointer; text-align: start }
button:hover:not(:disabled) { background: var(--pale) }
button:disabled { color: var(--soft); background: none; border-color: var(--line); cursor: default }
button.main { background: var(--bronze); border-color: var(--bronze); color: var(--on); font-weight: bold; text-align: center }
button.main:hover:not(:disabled) { background: var(--gold); color: var(--on) } button.main:disabled { background: var(--sunk); border-color: var(--line); color: var(--soft) }
.first button { width: 100%; padding: .5rem 1rem }
.others { display: flex; flex-wrap: wrap; gap: .3rem .35rem; margin-top: .55rem; align-items: center; font-size: .86rem } .others button { padding: .12rem .55rem; border-color: var(--line) }
.address { font-size: .86rem }
code { font: .9em/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
pre { overflow-x: auto; background: var(--raised); border: 1px solid var(--line); padding: .7rem .9rem; margin: .6rem 0 0; border-radius: .35rem }
.stage { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 1rem 2.25rem; background: var(--raised); border: 1px solid var(--line); border-radius: .5rem; padding: 1.3rem 1.5rem 1.5rem; margin-top: .9rem }
.dial { text-align: center } .dial p { margin-top: .3rem }
.ring { width: 100%; max-width: 13rem; fill: none; stroke: var(--gold); stroke-width: 1.1 }
.pieces path { fill: var(--sunk); stroke: var(--line); stroke-width: .6 } .pieces .held { fill: var(--gold); stroke: none } .pieces .broken { fill: var(--down); stroke: none }
.pieces .playing { fill: var(--up); stroke: none; animation: beat 1s ease-in-out infinite alternate }
@keyframes beat { to { opacity: .35 } }
.told h3 { margin-top: 1rem; font-size: .95rem; color: var(--bronze) } .told > h3:first-child { margin-top: 0 }
.told .line { font-size: 1.12rem; max-width: 44rem } .told .coming { color: var(--soft) }
.when { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap }
.acts, .looks { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.1rem 0 0 }
.looks { margin-top: .5rem; gap: .35rem; align-items: center; font-size: .93rem } .looks > span { color: var(--soft) } .looks button { padding: .18rem .65rem } .looks b { font-weight: 600 }
.looks button::after { content: " ↗"; color: var(--bronze) }
details { margin-top: .35rem } summary { cursor: pointer; width: fit-content }
.seen { list-style: none; margin: .2rem 0 .3rem; padding: 0 0 0 1.1rem; font-size: .92rem } summary.yes, .seen .yes { color: var(--up) } summary.no, .seen .no { color: var(--down) }
.steps { list-style: none; margin: .9rem 0 0 .4rem; padding: 0; border-left: 2px solid var(--line) }
.steps > li { padding: .1rem 0 .75rem 1.2rem; position: relative; max-width: 54rem }
.steps > li::before { content: ""; position: absolute; left: -.45rem; top: .55rem; width: .7rem; height: .7rem; border-radius: 50%; background: var(--ground); border: 2px solid var(--soft) }
.steps .held::before { background: var(--gold); border-color: var(--gold) } .steps .broken::before { background: var(--down); border-color: var(--down) } .steps .playing::before { background: var(--up); border-color: var(--up) }
.steps p { margin: 0; max-width: none } .steps .ahead p { color: var(--soft) } .steps details { font-size: .93rem }
.whole { margin-top: 1.2rem } .whole > summary { font-weight: bold }
.hand { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 0 2.5rem } .hand > section { min-width: 0 }
@media (max-width: 60rem) { .opening { grid-template-columns: minmax(0, 1fr) } .drum { max-width: 23rem } }
@media (max-width: 44rem) { .stage { grid-template-columns: minmax(0, 1fr); padding: 1rem } .ring { max-width: 10rem } .lead { font-size: 1.05rem } .acts button { flex: 1 1 8rem; text-align: center } .looks button { width: 100% } }
@media (prefers-reduced-motion: reduce) { .way, .pieces .playing { animation: none } html { scroll-behavior: auto } }
@media (forced-colors: active) { .state::before, .steps > li::before { forced-color-adjust: none } }
`;

/** What changed is put in place and nothing else: the focus stays, what was opened stays open, a screen reader hears of changes alone. */
export const script = `
const main = document.querySelector("main");
const settle = (here, there) => {
  if (here.nodeType !== there.nodeType || here.nodeName !== there.nodeName) return here.replaceWith(there.cloneNode(true));
  if (here.nodeType !== 1) { if (here.data !== there.data) here.data = there.data; return; }
  if (here.isEqualNode(there)) return;
  for (const { name } of [...here.attributes]) if (name !== "open" && !there.hasAttribute(name)) here.removeAttribute(name);
  for (const { name, value } of there.attributes) if (name !== "open" && here.getAttribute(name) !== value) here.setAttribute(name, value);
  const [old, young] = [[...here.childNodes], [...there.childNodes]];
  young.forEach((node, place) => old[place] ? settle(old[place], node) : here.append(node.cloneNode(true)));
  old.slice(young.length).forEach((node) => node.remove());
};
const look = async () => {
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    settle(main, new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main"));
  } catch { const summary = document.getElementById("summary"); summary.textContent = summary.dataset.silent; }
};
setInterval(() => document.hidden || look(), 1500);
document.addEventListener("visibilitychange", () => document.hidden || look());
document.addEventListener("submit", async (event) => {
  const { action } = event.target;
  if (!new URL(action).pathname.startsWith("/story/")) return;
  event.preventDefault();
  const done = fetch(action, { method: "POST" }).catch(() => undefined);
  setTimeout(look, 150);
  await done;
  look();
});
`;
