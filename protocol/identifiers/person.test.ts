import { describe, expect, test } from 'vitest';

import { testConformance } from '../vectors/conformance.ts';
import { person } from './person.ts';

describe('person', () => {
  testConformance(person, [undefined, { country: 'TH' }, { country: 'CN' }, { country: 'VN' }, { country: 'MM' }]);

  test('a mask shows the country, the document and the last two characters, not even the length', () => {
    expect(person.mask('TH:national-id:1101700230708')).toBe('TH national-id ••••••08');
    expect(person.mask('VN:passport:C1234567')).toBe('VN passport ••••••67');
  });
});
