import { createHash } from 'node:crypto';
import { languages } from '@bronze-drum/protocol/languages';
import { fakePolice } from '@bronze-drum/simulator/story/fake-police';
import { castOf, institutionOf } from '@bronze-drum/simulator/story/casting';
import { expect, test } from 'vitest';
import { chosenLanguage } from './hub-language.ts';
import { looks, type Look } from './hub-looks.ts';
import { exampleMembers, hubPage, hubPolicy, troublePage, type HubView } from './hub-page.ts';
import { hubWords } from './hub-words/hub-words.ts';
import { planOf } from './plan.ts';

const [kh, vn] = planOf({ members: 'kh,vn' }).seats as [HubView['members'][number], HubView['members'][number]];
const hears = { live: 1, of: 1, isCutOff: false, behind: 0 };
const view: HubView = {
  language: 'en',
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
        id: 'the-report',
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
  expect(page).toContain('<h3>Cambodia <small lang="km">កម្ពុជា</small></h3>\n<p class="state up">Ready</p>');
  expect(page).toContain('Hears 1 of 1 neighbour');
  expect(page).toContain('26 alerts open, 3 urgent');
  expect(page).toContain('Whether alerts wait is not known');
  expect(page).toContain('<p class="state down">Not answering</p>');
  expect(page).toContain('<a href="http://localhost:4602/">');
  expect(page).toContain('data/demo.json');
});

test('each desk is one click away, as any of its officers or as a bank, and only while its server answers', () => {
  const page = hubPage(view);
  for (const as of ['duty-officer', 'supervisor', 'liaison', 'analyst', 'administrator', 'auditor', 'demo-bank']) {
    expect(page).toContain(`<form method="post" action="/enter/kh/${as}?lang=en" target="_blank" rel="noopener">`);
  }
  expect(page).toContain('<button class="main" aria-label="Cambodia: Enter as duty officer">');
  expect(page).toContain('<button class="main" aria-label="Viet Nam: Enter as duty officer" disabled>');
});

test('a member that is cut off is named', () => {
  const cutOff = { ...view.members[0]!, hears: { ...hears, live: 0, isCutOff: true } };
  expect(hubPage({ ...view, members: [cutOff] })).toContain('Cut off: Cambodia.');
});

test('nothing that is shown can become markup', () => {
  const page = hubPage({
    ...view,
    demoFile: `/d/<script>'&`,
    story: { ...view.story, title: `<b>"K"</b>`, missing: [] },
  });
  expect(page).toContain('&lt;b&gt;&quot;K&quot;&lt;/b&gt;');
  expect(page).toContain('/d/&lt;script&gt;&#39;&amp;');
  expect(page.match(/<script>/g)).toHaveLength(1);
});

test.each(languages)('in %s only its own style and script may run, and nothing comes from elsewhere', (language) => {
  const page = hubPage({ ...view, language });
  const hashOf = (tag: string): string => {
    const [, text = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) ?? [];
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  const policy = hubPolicy([kh.address]);
  expect(policy).toContain(`style-src ${hashOf('style')}`);
  expect(policy).toContain(`script-src ${hashOf('script')}`);
  expect(policy).toContain("form-action 'self' http://localhost:4602;");
  expect(page).not.toMatch(/ style=| on[a-z]+="|src=|https?:\/\/(?!localhost:)/);
  expect(page.match(/<style/g)).toHaveLength(1);
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain('<noscript><meta http-equiv="refresh"');
});

test('the page speaks seven languages, each under its own name, and says which one it is in', () => {
  const names = ['English', '中文', 'ខ្មែរ', 'ລາວ', 'မြန်မာ', 'ไทย', 'Tiếng Việt'];
  languages.forEach((language, place) => {
    const page = hubPage({ ...view, language });
    expect(page).toContain(`<html lang="${language === 'zh' ? 'zh-Hans' : language}">`);
    for (const name of names) expect(page).toContain(`>${name}</a>`);
    expect(page).toContain(`aria-current="true">${names[place]}</a>`);
    expect(page).toContain(`action="/story/play?lang=${language}"`);
    expect(troublePage(language, 'notReady')).toContain(`href="/?lang=${language}"`);
  });
});

/** Every text of the words, by its place; those that take values are called with some. */
function textsOf(words: unknown, at = ''): [string, string][] {
  if (typeof words === 'string') return [[at, words]];
  if (typeof words === 'function') return [[at, (words as (...values: unknown[]) => string)(17, 19)]];
  return Object.entries(words as object).flatMap(([name, one]) => textsOf(one, `${at}.${name}`));
}

test('nothing is missing in any language, left in English, or said without its numbers', () => {
  const english = new Map(textsOf(hubWords.en));
  for (const language of languages) {
    const texts = new Map(textsOf(hubWords[language]));
    for (const [at, text] of texts) {
      expect(text.trim(), `${language}${at}`).toBe(text);
      expect(text, `${language}${at}`).not.toBe('');
      const said = english.get(at);
      if (said === undefined || language === 'en') continue;
      if (!at.includes('.countries.')) expect(text, `${language}${at}`).not.toBe(said);
      for (const number of ['17', '19']) expect(text.includes(number), `${language}${at}`).toBe(said.includes(number));
    }
    for (const at of english.keys()) expect(texts.has(at), `${language}${at}`).toBe(true);
  }
});

test('what is told of money in the story is told in every language', () => {
  const numbersIn = (text: string): string[] =>
    [...text.replace(/(\d)[.,](?=\d{3})/g, '$1').matchAll(/\d{4,}/g)].map(([number]) => number).sort();
  for (const { id, says } of fakePolice.steps.filter((step) => step.virtual !== true)) {
    for (const language of ['km', 'lo', 'my', 'th', 'vi'] as const) {
      const told = hubWords[language].story.told!.steps[id as keyof typeof looks];
      expect(numbersIn(told), `${language} ${id}`).toEqual(numbersIn(says));
    }
  }
});

test('the language is the one that was asked for, else the one that the browser likes best', () => {
  expect(chosenLanguage('km', 'th')).toBe('km');
  expect(chosenLanguage('<x>', 'th-TH,th;q=0.9,en;q=0.8')).toBe('th');
  expect(chosenLanguage(null, 'fr, vi;q=0.5, zh-CN;q=0.7')).toBe('zh');
  expect(chosenLanguage(null, 'km;q=0, *')).toBe('en');
  expect(chosenLanguage(null, undefined)).toBe('en');
});

test('every step of the story says where to look, and what it names is in the cast', () => {
  const steps = [...fakePolice.steps.filter((step) => step.virtual !== true).map(({ id }) => id), 'closing'];
  expect(Object.keys(looks).sort()).toEqual(steps.sort());
  const cast = castOf(1);
  for (const look of Object.values<readonly Look[]>(looks).flat()) {
    if (look.about !== undefined) expect(cast).toHaveProperty([look.about]);
    if (look.as.includes(' ')) expect(institutionOf(look.member, look.as)).toEqual(expect.any(String));
  }
});

test('the example goes from a member whose exports need no approval', () => {
  expect(exampleMembers(['cn', 'kh', 'vn'])).toEqual({ from: 'kh', to: 'vn' });
  expect(exampleMembers(['cn', 'th'])).toEqual({ from: 'th', to: 'cn' });
  expect(exampleMembers(['cn'])).toEqual({ from: 'cn', to: 'cn' });
});

test('the story says what happened, what was seen to follow and what was not, and what happens next', () => {
  const page = hubPage(view);
  expect(page).toContain('Telling 2 · paused');
  expect(page).toContain('2 of 3 steps');
  expect(page).toContain('<span class="when">−1:30</span> <span lang="en">A &amp; B</span>');
  expect(page).toContain('✓ it holds <span class="when">0.3 s</span>');
  expect(page).toContain('✗ it &lt;fails&gt;');
  expect(page).toContain('✗ refused: x');
  expect(page).toMatch(/<h3>What happens next<\/h3>\n<p class="coming"><span class="when">\+1:01<\/span>/);
  expect(page).toContain('action="/story/step?lang=en"><button>Next step');
  expect(page).toContain('action="/story/pause?lang=en"><button disabled>');
});

test('a step that was played leads to the desks where it is seen', () => {
  const page = hubPage(view);
  expect(page).toContain(
    '<form method="post" action="/look/the-report/0?lang=en" target="_blank" rel="noopener"><button><b>Thailand · Duty officer</b>: the trace: where the money went</button>',
  );
  expect(page).toContain('<b>Thailand · Bank 3</b>: the orders to answer');
  expect(hubPage({ ...view, language: 'km' })).toContain(hubWords.km.story.told!.steps['the-report']);
});

test('a story whose members are not all here says who is missing', () => {
  const page = hubPage({ ...view, story: { ...view.story, missing: ['la', 'th'] } });
  expect(page).toContain('It is played by Laos, Thailand too');
  expect(page).not.toContain('action="/story/');
});
