import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { exampleMembers, hubPage, hubPolicy, type HubView } from './hub-page.ts';
import { planOf } from './plan.ts';

const [kh, vn] = planOf({ members: 'kh,vn' }).seats as [HubView['members'][number], HubView['members'][number]];
const hears = { live: 1, of: 1, isCutOff: false, behind: 0 };
const view: HubView = {
  members: [
    { ...kh, ready: true, hears, alerts: { open: 26, urgent: 3 } },
    { ...vn, ready: false },
  ],
  demoFile: 'data/demo.json',
  story: {
    story: 'test',
    title: 'A test',
    state: 'paused',
    run: 2,
    missing: [],
    steps: [
      {
        id: 'a',
        at: -90,
        says: 'A & B',
        state: 'held',
        outcomes: [{ expectation: 'it holds', held: true, afterMs: 340 }],
      },
      {
        id: 'b',
        at: 0,
        says: 'C',
        state: 'broken',
        outcomes: [{ expectation: 'it <fails>', held: false, afterMs: 1 }],
        trouble: 'refused: x',
      },
      { id: 'c', at: 61, says: 'D', state: 'ahead', outcomes: [] },
    ],
  },
};

test('the page says of each member whether it answers, whom it hears and where it is', () => {
  const page = hubPage(view);
  expect(page).toContain('1 of 2 servers ready.');
  expect(page).toContain('<h3>Cambodia <small>kh</small></h3>\n<p class="state up">Ready</p>');
  expect(page).toContain('Hears 1 of 1 neighbour');
  expect(page).toContain('26 alerts open, 3 urgent');
  expect(page).toContain('What waits at its desks is not known');
  expect(page).toContain('<p class="state down">Not answering</p>');
  expect(page).toContain('<a href="http://localhost:4602/">');
  expect(page).toContain('data/demo.json');
});

test('a member that is cut off is named', () => {
  const cutOff = { ...view.members[0]!, hears: { ...hears, live: 0, isCutOff: true } };
  expect(hubPage({ ...view, members: [cutOff] })).toContain('Cut off: Cambodia.');
});

test('nothing that is shown can become markup', () => {
  const page = hubPage({
    ...view,
    members: [{ ...kh, name: `<b>"K"</b>`, ready: true }],
    demoFile: `/d/<script>'&`,
  });
  expect(page).toContain('&lt;b&gt;&quot;K&quot;&lt;/b&gt;');
  expect(page).toContain('/d/&lt;script&gt;&#39;&amp;');
  expect(page.match(/<script>/g)).toHaveLength(1);
});

test('only its own style and script may run, and nothing comes from elsewhere', () => {
  const page = hubPage(view);
  const hashOf = (tag: string): string => {
    const [, text = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) ?? [];
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(hubPolicy).toContain(`style-src ${hashOf('style')}`);
  expect(hubPolicy).toContain(`script-src ${hashOf('script')}`);
  expect(page).not.toMatch(/ style=| on[a-z]+=|src=|https?:\/\/(?!localhost:)/);
  expect(page).toContain('<noscript><meta http-equiv="refresh"');
});

test('the example goes from a member whose exports need no approval', () => {
  expect(exampleMembers(['cn', 'kh', 'vn'])).toEqual({ from: 'kh', to: 'vn' });
  expect(exampleMembers(['cn', 'th'])).toEqual({ from: 'th', to: 'cn' });
  expect(exampleMembers(['cn'])).toEqual({ from: 'cn', to: 'cn' });
});

test('the story says what happened, what was seen to follow and what was not, and offers what can be done next', () => {
  const page = hubPage(view);
  expect(page).toContain('told the 2nd time: paused');
  expect(page).toContain('<span class="when">−1:30</span> A &amp; B');
  expect(page).toContain('✓ it holds <span class="when">0.3 s</span>');
  expect(page).toContain('✗ it &lt;fails&gt;');
  expect(page).toContain('✗ refused: x');
  expect(page).toContain('action="/story/step"><button>Next step');
  expect(page).toContain('action="/story/pause"><button disabled>');
});

test('a story whose members are not all here says who is missing', () => {
  const page = hubPage({ ...view, story: { ...view.story, missing: ['la', 'th'] } });
  expect(page).toContain('It is played by la, th too');
  expect(page).not.toContain('<button');
});
