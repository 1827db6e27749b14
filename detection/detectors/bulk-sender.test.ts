import { describe, expect, test } from 'vitest';
import { minuteAt, openTestLines, phone, type TestWatch } from '../test-watch.ts';

const listed = 'url:prize.example/a';
const world = { listed: { [listed]: 1, 'domain:bad.example': 1 } } as const;
const sender = phone(1);

const write = (watch: TestWatch, minute: number, to: number, more: object): void =>
  watch.see('message', minute, { to: phone(100 + to), channel: 'sms', links: [listed], ...more }, 'operator');
const subjects = (count: number, more: (at: number) => object, minutes = 59): string[] => {
  const watch = openTestLines(world);
  for (let at = 0; at < count; at += 1) write(watch, (at * minutes) / count, at, more(at));
  return watch.subjects('bulk-sender');
};
const from = { originating: sender };

describe('a bulk sender', () => {
  test('fifty people who receive a listed link from one number: the number is told of, with the link', () => {
    const watch = openTestLines(world);
    for (let at = 0; at < 50; at += 1) write(watch, at, at, from);
    expect(watch.found).toEqual([
      {
        detector: 'bulk-sender',
        subject: sender,
        facts: {
          recipients: 50,
          host: 'domain:prize.example',
          linkListed: true,
          untilAt: minuteAt(49),
          withinMinutes: 60,
          recipientsMin: 50,
        },
        counterparts: [listed],
        strength: 0.75,
      },
    ]);
  });

  test('under a shown name the link is told of, and never whose name it is', () => {
    const watch = openTestLines(world);
    for (let at = 0; at < 50; at += 1) write(watch, at, at, { presented: 'KBANK' });
    expect(watch.found).toHaveLength(1);
    expect(watch.found[0]).toMatchObject({ subject: listed, counterparts: [] });
    expect(JSON.stringify(watch.found)).not.toContain('KBANK');
  });

  test('a listed host counts for all its links', () => {
    expect(subjects(50, (at) => ({ ...from, links: [`url:bad.example/${at}`] }))).toEqual([sender]);
  });

  test('the edges: fifty different people, an hour', () => {
    expect(subjects(49, () => from)).toEqual([]);
    expect(subjects(500, (at) => ({ ...from, to: phone(at % 49) }))).toEqual([]);
    expect([subjects(50, () => from, 60).length, subjects(50, () => from, 63).length]).toEqual([1, 0]);
  });

  test('two hundred links to one host from a number are found though none is listed', () => {
    const more = (at: number) => ({ ...from, links: [`url:new.example/${at}`] });
    expect([subjects(200, more), subjects(199, more)]).toEqual([[sender], []]);
  });

  test('a bank, a shop and a courier that send links to thousands under their own names are not found', () => {
    const more = (at: number) => ({ presented: 'KBANK', links: [`url:kbank.example/${at}`] });
    expect(subjects(3000, more)).toEqual([]);
  });

  test('a shop’s account of a messenger, and who writes without links, are not found', () => {
    const shop = { originating: 'handle:line:shop', channel: 'chat', links: ['url:shop.example/sale'] };
    expect(subjects(3000, () => shop)).toEqual([]);
    expect(subjects(3000, () => ({ ...from, links: undefined }))).toEqual([]);
  });

  test('told in another order, the same is found', () => {
    const watch = openTestLines(world);
    for (let at = 0; at < 50; at += 1) write(watch, (at * 37) % 50, at, from);
    expect(watch.subjects('bulk-sender')).toEqual([sender]);
  });
});
