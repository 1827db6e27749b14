import { expect, test } from 'vitest';
import type { ScreenResponse } from '../screening/contract.ts';
import { screenTable } from './screen.ts';

const clear = { advice: 'clear' as const, tiers: [], typologies: [], members: [] };
const now = '2026-01-01T00:00:00.000Z';

test('an officer reads what is advised, by whom, until when and because of what', () => {
  const answer: ScreenResponse = {
    now,
    results: [
      {
        identifier: 'url:www.example.com/a',
        advice: 'challenge',
        tiers: ['court', 'observed'],
        typologies: ['phishing'],
        members: ['kh', 'th'],
        match: { kind: 'domain', key: 'domain:example.com' },
        since: '2025-12-01T08:30:00.000Z',
        until: '2026-03-01T00:00:00.000Z',
        reference: '00000000-0000-4000-8000-000000000000',
        discreet: true,
      },
      { identifier: 'phone:+66812345678', ...clear },
      { refused: 'identifier.too-long', params: { lengthMax: 4096 } },
    ],
  };
  expect(screenTable(['www.example.com/a', '0812345678', 'x\u001b[31m'], answer).split('\n')).toEqual([
    'identifier             advice                                       tiers            members  since              until              because of',
    'url:www.example.com/a  challenge                                    court, observed  kh, th   2025-12-01T08:30Z  2026-03-01T00:00Z  domain domain:example.com (discreet)',
    'phone:+66812345678     clear',
    'x·[31m                 refused: identifier.too-long lengthMax 4096',
    '',
  ]);
});
