import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { isZawgyi, toUnicode } from './zawgyi.ts';

/** Zawgyi as typed, Unicode as stored, and what it means. */
const pairs: readonly (readonly [zawgyi: string, unicode: string, meaning: string])[] = [
  ['ျမန္မာ', 'မြန်မာ', 'Myanmar'],
  ['ရန္ကုန္', 'ရန်ကုန်', 'Yangon'],
  ['ေနျပည္ေတာ္', 'နေပြည်တော်', 'Naypyidaw'],
  ['မႏၲေလး', 'မန္တလေး', 'Mandalay'],
  ['ျမဝတီ', 'မြဝတီ', 'Myawaddy'],
  ['မဂၤလာပါ', 'မင်္ဂလာပါ', 'greetings'],
  ['ကၽြန္ေတာ္', 'ကျွန်တော်', 'I'],
  ['ေနေကာင္းလား', 'နေကောင်းလား', 'how are you'],
  ['ဖုန္းနံပါတ္', 'ဖုန်းနံပါတ်', 'phone number'],
  ['ဘဏ္', 'ဘဏ်', 'bank'],
  ['ႀကီး', 'ကြီး', 'big'],
  ['ႏွစ္', 'နှစ်', 'year'],
  ['သို႔', 'သို့', 'to'],
  ['ကမာၻ', 'ကမ္ဘာ', 'world'],
  ['ဥကၠ႒', 'ဥက္ကဋ္ဌ', 'chairman'],
  ['ျပည္ေထာင္စု', 'ပြည်ထောင်စု', 'union'],
  ['ႏိုင္ငံ', 'နိုင်ငံ', 'country'],
  ['၁၂/ကမရ(ႏိုင္)၁၂၃၄၅၆', '၁၂/ကမရ(နိုင်)၁၂၃၄၅၆', 'a citizen number'],
  ['ၿပီး', 'ပြီး', 'done'],
  ['မ်ား', 'များ', 'many'],
  ['ေယာက္်ား', 'ယောက်ျား', 'man'],
  ['၀န္ႀကီး', 'ဝန်ကြီး', 'minister, its wa typed as a zero'],
  ['ေ၀း', 'ဝေး', 'far, its wa typed as a zero'],
];

describe('zawgyi', () => {
  test.each(pairs)('%s becomes %s (%s)', (zawgyi, unicode) => {
    expect(isZawgyi(zawgyi)).toBe(true);
    expect(toUnicode(zawgyi)).toBe(unicode);
  });

  test.each(pairs)('%s in Unicode stays as it is', (_, unicode) => {
    expect(isZawgyi(unicode)).toBe(false);
    expect(toUnicode(unicode)).toBe(unicode);
  });

  test.each([
    ['မႂ်ႇသုင်ၶႃႈ', 'Shan'],
    ['တၢ်ထံၣ်တၢ်ပၥ်သး', "S'gaw Karen"],
    ['ၵႃႈၶၼ်', 'Shan'],
    ['႐႑႒႓႔႕႖႗႘႙', 'Shan digits'],
    ['စင်္ကာပူ', 'Burmese with kinzi'],
    ['၀၉၄၅၀၁၂၃၄၅၆', 'digits'],
    ['hello, สวัสดี, 你好', 'no Burmese at all'],
  ])('%s is not Zawgyi (%s)', (text) => {
    expect(isZawgyi(text)).toBe(false);
    expect(toUnicode(text)).toBe(text);
  });

  test.each([
    ['ဝ၉၄၅ဝ၁၂၃၄၅၆', '၀၉၄၅၀၁၂၃၄၅၆'],
    ['ဝ၉-၄၅ဝ-၁၂၃', '၀၉-၄၅၀-၁၂၃'],
    ['၂ဝဝဝ', '၂၀၀၀'],
    ['၀၉ ရ၅၁', '၀၉ ၇၅၁'],
    ['၁ရ၂', '၁၇၂'],
    ['၅ရ', '၅ရ'],
    ['၁ဝယ်', '၁ဝယ်'],
    ['ဝ', 'ဝ'],
    ['ဘဝ၅', 'ဘဝ၅'],
  ])('letters that stand for digits: %s is %s', (text, digits) => expect(toUnicode(text)).toBe(digits));

  test('any text comes back without an error, and Unicode is never converted twice', () => {
    const burmese = fc.string({
      unit: fc.integer({ min: 0x1000, max: 0x109f }).map((code) => String.fromCharCode(code)),
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.oneof(burmese, fc.string({ unit: 'binary' })), (text) => {
        expect(typeof toUnicode(text)).toBe('string');
      }),
      { numRuns: 2000 },
    );
    for (const [zawgyi] of pairs) expect(toUnicode(toUnicode(zawgyi))).toBe(toUnicode(zawgyi));
  });
});
