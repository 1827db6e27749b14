import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pack, unpack } from './arrays.ts';
import { noHandle, openHandles } from './handles.ts';

describe('handles', () => {
  test('name the key that they were taken for, or none, and never another', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 200 }), (numbers) => {
        const handles = openHandles(16);
        const taken = numbers.map((number, at) => {
          const key = `account:TH:014:${number}`;
          return { key, handle: handles.take(key, at) };
        });
        const other = openHandles(16);
        expect(unpack(pack(handles.arrays()), other.arrays())).toBe(true);
        for (const { key, handle } of taken) {
          expect([key, undefined]).toContain(handles.keyOf(handle));
          expect(other.keyOf(handle)).toBe(handles.keyOf(handle));
        }
        expect(handles.keyOf(taken.at(-1)!.handle)).toBe(taken.at(-1)!.key);
        expect(handles.keyOf(noHandle)).toBeUndefined();
      }),
    );
  });
});
