import { expect, test } from 'vitest';
import { planOf } from './plan.ts';

const placesOf = (options: Parameters<typeof planOf>[0]): string[] =>
  planOf(options).seats.map(({ member, port }) => `${member} ${port}`);

test('an alliance is the six founders at fixed ports, in their order', () => {
  expect(planOf({}).hubAddress).toBe('http://localhost:4600');
  expect(placesOf({})).toEqual(['cn 4601', 'kh 4602', 'la 4603', 'mm 4604', 'th 4605', 'vn 4606']);
});

test('a member has the same address whoever else takes part', () => {
  expect(placesOf({ members: 'th, KH,th' })).toEqual(['kh 4602', 'th 4605']);
  expect(placesOf({ members: 'vn', basePort: '5000' })).toEqual(['vn 5006']);
});

test('what is no member or no port is refused with what would be one', () => {
  expect(() => planOf({ members: 'th,sg' })).toThrow('cn,kh,la,mm,th,vn, with commas; not "sg"');
  expect(() => planOf({ members: '' })).toThrow('--members');
  for (const basePort of ['0', '65530', '46.5', 'hub']) expect(() => planOf({ basePort })).toThrow('--base-port');
});
