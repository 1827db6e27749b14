import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventTooLarge, openEventReader, type SentEvent } from './events.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string, last?: string): SentEvent[] {
  return [...openEventReader(last).push(bytes(text))];
}

/** The rules of the WHATWG once more, for a text that is there as a whole. */
function oracle(text: string): { events: SentEvent[]; id: string; retryMs: number | undefined } {
  const events: SentEvent[] = [];
  let [event, data, id, last] = ['', '', '', ''];
  let retryMs: number | undefined;
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  lines.pop();
  for (const line of lines) {
    if (line === '') {
      last = id;
      if (data !== '') events.push({ id, event: event || 'message', data: data.slice(0, -1) });
      [event, data] = ['', ''];
      continue;
    }
    const [, name = '', value = ''] = /^([^:]*):? ?([\s\S]*)$/.exec(line) ?? [];
    const isNamed = line.includes(':') ? { name, value } : { name: line, value: '' };
    if (isNamed.name === 'event') event = isNamed.value;
    if (isNamed.name === 'data') data += `${isNamed.value}\n`;
    if (isNamed.name === 'id' && !isNamed.value.includes('\0')) id = isNamed.value;
    if (isNamed.name === 'retry' && /^\d+$/.test(isNamed.value)) retryMs = Number(isNamed.value);
  }
  return { events, id: last, retryMs };
}

describe('server-sent events', () => {
  it('are read with their name, their id and their lines of data', () => {
    expect(read('id: alerts=1\nevent: alert\ndata: {"a":\ndata: 1}\n\n')).toEqual([
      { id: 'alerts=1', event: 'alert', data: '{"a":\n1}' },
    ]);
  });

  it('keep the id of the one before, and take an id that comes without an event', () => {
    const reader = openEventReader('alerts=3');
    expect(reader.lastEventId()).toBe('alerts=3');
    expect([...reader.push(bytes('data: x\n\n: beat\nid: alerts=9\n\n'))]).toEqual([
      { id: 'alerts=3', event: 'message', data: 'x' },
    ]);
    expect(reader.lastEventId()).toBe('alerts=9');
  });

  it('do not move the place before they are whole', () => {
    const reader = openEventReader();
    expect([...reader.push(bytes('id: alerts=4\ndata: half'))]).toEqual([]);
    expect(reader.lastEventId()).toBe('');
  });

  it.each([
    ['a comment says nothing', ': hello\n\n', []],
    ['a field without a colon is empty', 'data\ndata\n\n', [{ id: '', event: 'message', data: '\n' }]],
    ['only one space is dropped', 'data:  two\n\n', [{ id: '', event: 'message', data: ' two' }]],
    ['an event without data is none', 'event: alert\n\ndata: x\n\n', [{ id: '', event: 'message', data: 'x' }]],
    ['an id with a NUL is none', 'id: a\0b\ndata: x\n\n', [{ id: '', event: 'message', data: 'x' }]],
    ['a mark at the beginning is dropped', '\uFEFFdata: x\n\n', [{ id: '', event: 'message', data: 'x' }]],
    ['fields that nobody knows are passed over', 'colour: red\ndata: x\n\n', [{ id: '', event: 'message', data: 'x' }]],
  ])('%s', (_, text, events) => {
    expect(read(text)).toEqual(events);
  });

  it('say how long to wait before coming again', () => {
    const reader = openEventReader();
    expect([...reader.push(bytes('retry: soon\nretry: 2500\n\n'))]).toEqual([]);
    expect(reader.retryMs()).toBe(2500);
  });

  it('of an endless line or event are given up, those before them are not', () => {
    const endless = openEventReader('', 1000);
    expect(() => {
      for (let piece = 0; piece < 100; piece++) Array.from(endless.push(bytes('data: 0123456789abcdef')));
    }).toThrow(EventTooLarge);
    const many = openEventReader('', 1000);
    const events: SentEvent[] = [];
    expect(() => {
      for (const event of many.push(bytes(`id: 1\ndata: a\n\nid: 2\n${'data: 0123456789\n'.repeat(100)}`)))
        events.push(event);
    }).toThrow(EventTooLarge);
    expect(events).toHaveLength(1);
    expect(many.lastEventId()).toBe('1');
  });

  it('are the same however the network cuts them', () => {
    const parts = [
      '\r',
      '\n',
      '\r\n',
      '\n\n',
      'data',
      'data: ',
      'id: ',
      'event: ',
      'retry: ',
      ':',
      ' ',
      '7',
      'alerts=1',
    ];
    const others = ['ก', 'ຂ', 'ភ', 'မ', '中', '🥁', '\uFEFF', '\0', 'data: x\n\n', 'id: 5\ndata: y\r\n\r\n'];
    const part = fc.constantFrom(...parts, ...others);
    const text = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (text, cuts) => {
        const all = bytes(text);
        const reader = openEventReader();
        const events: SentEvent[] = [];
        for (let from = 0, cut = 0; from < all.length; cut++) {
          const to = from + cuts[cut % cuts.length]!;
          events.push(...reader.push(all.subarray(from, to)));
          from = to;
        }
        const expected = oracle(text);
        expect(events).toEqual(expected.events);
        expect(reader.lastEventId()).toBe(expected.id);
        expect(reader.retryMs()).toBe(expected.retryMs);
      }),
      { numRuns: 2000 },
    );
  });
});
