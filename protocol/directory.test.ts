import { generateKeyPairSync, hash, sign, verify, createPublicKey, type KeyObject } from 'node:crypto';
import { base64 } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  directoryLimits,
  keyUses,
  newRecord,
  openRecord,
  recordMessage,
  verifiedRecord,
  type KeyUse,
  type OpenedRecord,
  type PartyCard,
  type RecordBody,
  type SignedRecord,
} from './directory.ts';
import { rosterOf } from './directory-roster.ts';
import { isRefusal } from './refusals.ts';

const sha256 = (data: Uint8Array) => hash('sha256', data, 'buffer');
const startMs = Date.UTC(2026, 0, 1);
const nowMs = startMs + 30 * 86_400_000;
const day = (number: number): string => new Date(startMs + number * 86_400_000).toISOString();

interface Key {
  readonly text: string;
  readonly privateKey: KeyObject;
}
function newKey(): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, text: base64.encode(publicKey.export({ type: 'spki', format: 'der' }).subarray(12)) };
}
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex');
const verifyRaw = (raw: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  const key = createPublicKey({ key: Buffer.concat([spkiHeader, raw]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
};

interface Body {
  readonly code: string;
  readonly keys: Record<KeyUse, Key>;
  readonly card: PartyCard;
}
function newBody(code: string): Body {
  const keys = { checkpoint: newKey(), call: newKey(), cosignature: newKey() };
  const role = code.length === 2 ? 'member' : 'observer';
  const texts = { checkpoint: keys.checkpoint.text, call: keys.call.text, cosignature: keys.cosignature.text };
  return { code, keys, card: { party: code, role, name: code, address: `http://${code}.example:8461`, keys: texts } };
}
const allOf = (body: Body): [string, Key][] => keyUses.map((use) => [body.code, body.keys[use]]);
const consent = (...bodies: Body[]): [string, Key][] => bodies.map((body) => [body.code, body.keys.cosignature]);

function signed(body: RecordBody, signers: readonly [string, Key][]): OpenedRecord {
  const record = newRecord(body, sha256);
  const message = recordMessage(record.bytes);
  const signatures = signers.map(([party, { text, privateKey }]) => ({
    party,
    key: text,
    signature: base64.encode(sign(null, message, privateKey)),
  }));
  const opened = openRecord({ bytes: record.bytes, signatures }, sha256);
  if (isRefusal(opened)) throw new Error(`${opened.refused} ${record.bytes}`);
  return verifiedRecord(opened, verifyRaw);
}

const [kh, la, th, vn, unodc] = ['kh', 'la', 'th', 'vn', 'unodc'].map(newBody) as [Body, Body, Body, Body, Body];
const foundingBody = { kind: 'founding', at: day(0), after: [], parties: [kh.card, la.card, th.card] } as const;
const founding = signed(
  { ...foundingBody, after: [], parties: [...foundingBody.parties] },
  [kh, la, th].flatMap(allOf),
);
const admit = (body: Body, signers: [string, Key][], after = [founding.id], at = day(1)): OpenedRecord =>
  signed({ kind: 'admission', at, after, party: body.card }, signers);
const rosterFrom = (...records: OpenedRecord[]) => rosterOf(records, founding.id, nowMs);
const codesFrom = (...records: OpenedRecord[]) => [...rosterFrom(...records).parties.keys()].sort();
const missingFrom = (id: string, ...records: OpenedRecord[]) =>
  rosterFrom(...records)
    .open.find(({ record }) => record.id === id)
    ?.missing?.map(({ party }) => party);

interface Turn {
  readonly of: Body;
  readonly use: KeyUse;
  readonly from: Key;
  readonly to: Key;
  readonly at: number;
  readonly validFrom?: number;
  readonly until?: number;
  readonly cosignature?: Key;
}
function rotate({ of, use, from, to, at, validFrom = at, until = validFrom + 2, cosignature }: Turn): OpenedRecord {
  const body: RecordBody = {
    kind: 'rotation',
    at: day(at),
    after: [founding.id],
    party: of.code,
    use,
    previous: from.text,
    publicKey: to.text,
    validFrom: day(validFrom),
    previousUntil: day(until),
  };
  return signed(
    body,
    [from, to, cosignature ?? of.keys.cosignature].map((key) => [of.code, key]),
  );
}
interface Theft {
  readonly of: Body;
  readonly use: KeyUse;
  readonly stolen: Key;
  readonly to: Key;
  readonly since: number;
  readonly stands?: string[];
  readonly by: readonly [string, Key][];
}
function replace({ of, use, stolen, to, since, stands = [], by }: Theft): OpenedRecord {
  const body: RecordBody = {
    kind: 'replacement',
    at: day(since + 1),
    after: [founding.id],
    party: of.code,
    use,
    compromised: stolen.text,
    since: day(since),
    publicKey: to.text,
    validFrom: day(since + 1),
    stands,
  };
  return signed(body, by);
}
const move = (of: Body, address: string, at: number, key = of.keys.cosignature): OpenedRecord =>
  signed({ kind: 'relocation', at: day(at), after: [founding.id], party: of.code, address }, [[of.code, key]]);
const keysIn = (records: OpenedRecord[], code: string, use: KeyUse) =>
  rosterFrom(...records)
    .parties.get(code)!
    .keys.filter((key) => key.use === use)
    .map(({ publicKey, validFromMs, validUntilMs, compromisedSinceMs }) => {
      const days = [validFromMs, validUntilMs, compromisedSinceMs].map((ms) => ms && (ms - startMs) / 86_400_000);
      return [publicKey, ...days];
    });

describe('who takes part', () => {
  test('nobody, until every founding member has signed with all of its keys', () => {
    expect(codesFrom(founding)).toEqual(['kh', 'la', 'th']);
    const partial = { ...founding, signatures: founding.signatures.slice(1) };
    expect(codesFrom(partial)).toEqual([]);
    expect(missingFrom(founding.id, partial)).toEqual(['kh']);
  });

  test('another founding than the one that is trusted counts for nothing', () => {
    const other = signed({ kind: 'founding', at: day(0), after: [], parties: [vn.card] }, allOf(vn));
    expect(codesFrom(founding, other)).toEqual(['kh', 'la', 'th']);
    expect(rosterOf([founding, other], undefined, nowMs).parties.size).toBe(0);
  });

  test('a candidate that every member and its own three keys have signed for, and not before', () => {
    const all = [...consent(kh, la, th), ...allOf(vn)];
    expect(codesFrom(founding, admit(vn, all))).toEqual(['kh', 'la', 'th', 'vn']);
    for (const missing of all) {
      const admission = admit(
        vn,
        all.filter((each) => each !== missing),
      );
      expect(codesFrom(founding, admission)).toEqual(['kh', 'la', 'th']);
      expect(missingFrom(admission.id, founding, admission)).toEqual([missing[0]]);
    }
  });

  test('two candidates whom the members admitted at the same time; the next one needs both', () => {
    const my = newBody('mm');
    const first = admit(vn, [...consent(kh, la, th), ...allOf(vn)]);
    const second = admit(my, [...consent(kh, la, th), ...allOf(my)]);
    expect(codesFrom(founding, first, second)).toEqual(['kh', 'la', 'mm', 'th', 'vn']);
    const after = [founding.id, first.id, second.id].sort();
    const next = admit(unodc, [...consent(kh, la, th, vn), ...allOf(unodc)], after, day(2));
    expect(missingFrom(next.id, founding, first, second, next)).toEqual(['mm']);
    expect(rosterFrom(founding, next).open).toMatchObject([{ missing: null }]);
  });

  test('an observer, whose signature admits nobody', () => {
    const observer = admit(unodc, [...consent(kh, la, th), ...allOf(unodc)]);
    const after = [founding.id, observer.id].sort();
    const admission = admit(vn, [...consent(kh, la, th), ...allOf(vn)], after, day(2));
    expect(rosterFrom(founding, observer).parties.get('unodc')?.role).toBe('observer');
    expect(codesFrom(founding, observer, admission)).toContain('vn');
  });

  test('nobody on the word of a signature that does not verify, or by a key of another', () => {
    const all = [...consent(kh, la, th), ...allOf(vn)];
    const forged = all.map(([party, key]): [string, Key] => (party === 'th' ? ['th', newKey()] : [party, key]));
    expect(codesFrom(founding, admit(vn, forged))).not.toContain('vn');
    const genuine = admit(vn, all);
    const [first, ...rest] = genuine.signatures;
    const damaged = { ...genuine, signatures: [{ ...first!, signature: rest[0]!.signature }, ...rest] };
    expect(codesFrom(founding, verifiedRecord(damaged, verifyRaw))).not.toContain('vn');
  });

  test('a server is where its party said last', () => {
    const moves = [move(th, 'https://b.example', 3), move(th, 'https://a.example', 2)];
    const stranger = move(th, 'https://thief.example', 4, newKey());
    expect(rosterFrom(founding, ...moves, stranger).parties.get('th')?.address).toBe('https://b.example');
  });
});

describe('the keys of a party', () => {
  const next = newKey();
  const turn = rotate({ of: th, use: 'call', from: th.keys.call, to: next, at: 5 });

  test('a new key begins while the old one is still valid', () => {
    expect(keysIn([founding, turn], 'th', 'call')).toEqual([
      [th.keys.call.text, 0, 7, null],
      [next.text, 5, null, null],
    ]);
  });

  test('a rotation counts only by the old key, the new key and the cosignature key', () => {
    for (const { key } of turn.signatures) {
      const partial = { ...turn, signatures: turn.signatures.filter((signature) => signature.key !== key) };
      expect(keysIn([founding, partial], 'th', 'call')).toHaveLength(1);
    }
  });

  test('a key that has ended cannot be rotated once more', () => {
    const replay = rotate({ of: th, use: 'call', from: th.keys.call, to: newKey(), at: 8, validFrom: 9 });
    expect(keysIn([founding, turn, replay], 'th', 'call').at(-1)![0]).toBe(next.text);
  });

  test('of two rotations of one key the later valid one holds', () => {
    const other = newKey();
    const second = rotate({ of: th, use: 'call', from: th.keys.call, to: other, at: 5, validFrom: 6 });
    expect(keysIn([founding, turn, second], 'th', 'call').map(([key]) => key)).toEqual([th.keys.call.text, other.text]);
    expect(keysIn([second, founding, turn], 'th', 'call')).toEqual(keysIn([turn, second, founding], 'th', 'call'));
  });

  test('a member that changes its key takes back no admission that it has signed', () => {
    const admission = admit(vn, [...consent(kh, la, th), ...allOf(vn)], [founding.id], day(9));
    const backdated = rotate({ of: th, use: 'cosignature', from: th.keys.cosignature, to: newKey(), at: 1 });
    expect(codesFrom(founding, admission, backdated)).toContain('vn');
  });
});

describe('a key in other hands', () => {
  const fresh = newKey();
  const stolen = th.keys.cosignature;
  const theft = { of: th, use: 'cosignature', stolen, to: fresh, since: 10 } as const;
  const others = consent(kh, la);

  test('is replaced when all the other members and the new key have signed', () => {
    const replacement = replace({ ...theft, by: [...others, ['th', fresh]] });
    expect(keysIn([founding, replacement], 'th', 'cosignature')).toEqual([
      [stolen.text, 0, 11, 10],
      [fresh.text, 11, null, null],
    ]);
  });

  test('is not replaced by its owner alone, nor by whoever stole it, nor without proof of the new key', () => {
    const attempts: [string, Key][][] = [
      [
        ['th', stolen],
        ['th', fresh],
      ],
      [['th', stolen], ['th', fresh], others[0]!],
      [...others, ['th', stolen]],
    ];
    for (const by of attempts)
      expect(keysIn([founding, replace({ ...theft, by })], 'th', 'cosignature')).toHaveLength(1);
  });

  test('moves no server and makes no key any more, whatever date the thief writes', () => {
    const honest = move(th, 'https://moved.example', 2);
    const evil = newKey();
    const forged = [
      move(th, 'https://thief.example', 9),
      rotate({ of: th, use: 'cosignature', from: stolen, to: evil, at: 3 }),
      rotate({ of: th, use: 'cosignature', from: evil, to: newKey(), at: 4, cosignature: evil }),
    ];
    const replacement = replace({ ...theft, stands: [honest.id], by: [...others, ['th', fresh]] });
    const records = [founding, honest, ...forged, replacement];
    expect(rosterFrom(...records).parties.get('th')?.address).toBe('https://moved.example');
    expect(keysIn(records, 'th', 'cosignature').map(([key]) => key)).toEqual([stolen.text, fresh.text]);
  });

  test('proves nothing in an admission that is younger than the theft', () => {
    const replacement = replace({ ...theft, by: [...others, ['th', fresh]] });
    const [before, after] = [9, 12].map((at) =>
      admit(vn, [...consent(kh, la, th), ...allOf(vn)], [founding.id], day(at)),
    ) as [OpenedRecord, OpenedRecord];
    expect(codesFrom(founding, replacement, before)).toContain('vn');
    expect(codesFrom(founding, replacement, after)).not.toContain('vn');
  });

  test('two thieves cannot vouch for each other’s new keys', () => {
    const [a, b] = [newKey(), newKey()];
    const forTh = replace({ ...theft, to: a, by: [...consent(kh), ['la', b], ['th', a]] });
    const forLa = replace({
      ...theft,
      of: la,
      stolen: la.keys.cosignature,
      to: b,
      by: [...consent(kh), ['th', a], ['la', b]],
    });
    expect(keysIn([founding, forTh, forLa], 'th', 'cosignature')).toHaveLength(1);
  });
});

describe('servers that have the same records agree', () => {
  const fresh = newKey();
  const keys = [newKey(), newKey(), newKey()] as const;
  const first = admit(vn, [...consent(kh, la, th), ...allOf(vn)]);
  const second = admit(unodc, [...consent(kh, la, th), ...allOf(unodc)]);
  const impostor = newBody('vn');
  const history = [
    founding,
    first,
    second,
    admit(impostor, [...consent(kh, la, th), ...allOf(impostor)], [founding.id], day(2)),
    admit(newBody('mm'), consent(kh, la, th, vn), [founding.id, first.id, second.id].sort(), day(3)),
    rotate({ of: th, use: 'call', from: th.keys.call, to: keys[0], at: 5 }),
    rotate({ of: th, use: 'call', from: th.keys.call, to: keys[1], at: 6 }),
    rotate({ of: la, use: 'cosignature', from: la.keys.cosignature, to: keys[2], at: 6 }),
    move(kh, 'https://a.example', 4),
    move(kh, 'https://b.example', 4),
    replace({
      of: th,
      use: 'checkpoint',
      stolen: th.keys.checkpoint,
      to: fresh,
      since: 8,
      by: [...consent(kh), ['la', keys[2]], ['th', fresh]],
    }),
    move(la, 'https://future.example', 60),
  ];
  // As they travel: each signature may come by itself.
  const pieces = history.flatMap((record) => record.signatures.map((each) => ({ ...record, signatures: [each] })));
  const whole = rosterFrom(...history);
  const plain = (records: OpenedRecord[]) => {
    const { parties, known, inForce, open } = rosterFrom(...records);
    const waiting = open.map(({ record, missing }) => [record.id, missing]);
    return {
      parties: [...parties.values()].sort((a, b) => (a.code < b.code ? -1 : 1)),
      known,
      inForce: [...inForce].sort(),
      waiting,
    };
  };

  test('the history of this test says something', () => {
    expect([...whole.parties.keys()].sort()).toEqual(['kh', 'la', 'th', 'unodc', 'vn']);
    expect(whole.inForce.size).toBe(9);
    expect(whole.open).toHaveLength(1);
  });

  test('in every order, however often, and whichever signatures come together', () => {
    const expected = plain(history);
    const orders = fc.shuffledSubarray(pieces, { minLength: pieces.length });
    fc.assert(
      fc.property(orders, fc.subarray(pieces), (order, again) => {
        expect(plain([...again, ...order])).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test('also when each has only a part, and they then exchange what they have', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(pieces), fc.shuffledSubarray(pieces), (mine, yours) => {
        expect(plain([...mine, ...yours])).toEqual(plain([...yours, ...mine, ...mine]));
      }),
      { numRuns: 30 },
    );
  });
});

describe('a record that is none', () => {
  const text = (body: unknown): SignedRecord => ({ bytes: JSON.stringify(body), signatures: [] });
  const admission = { kind: 'admission', at: day(1), after: [founding.id], party: vn.card };
  const refusalOf = (record: SignedRecord) => {
    const opened = openRecord(record, sha256);
    return isRefusal(opened) ? opened.refused : opened.id;
  };

  test.each([
    ['no JSON', { bytes: '{kind', signatures: [] }, 'directory.kind'],
    ['a kind that nobody knows', text({ ...admission, kind: 'coup' }), 'directory.kind'],
    ['a kind of the language itself', text({ kind: '__proto__' }), 'directory.kind'],
    ['another spelling of the same JSON', { bytes: ` ${JSON.stringify(admission)}`, signatures: [] }, 'directory.kind'],
    ['a key twice', { bytes: `{"kind":"x",${JSON.stringify(admission).slice(1)}`, signatures: [] }, 'directory.kind'],
    ['a field of its own', text({ ...admission, note: '' }), 'directory.body'],
    ['an instant that does not exist', text({ ...admission, at: '2026-02-30T00:00:00.000Z' }), 'directory.body'],
    ['an unordered past', text({ ...admission, after: ['b', 'a'].map((digit) => digit.repeat(64)) }), 'directory.body'],
    ['a member that is no country', text({ ...admission, party: { ...vn.card, party: 'vietnam' } }), 'directory.body'],
    [
      'one key for two uses',
      text({ ...admission, party: { ...vn.card, keys: { ...vn.card.keys, call: vn.card.keys.checkpoint } } }),
      'directory.body',
    ],
    ['an address with a path', text({ ...admission, party: { ...vn.card, address: 'http://a/b' } }), 'directory.body'],
    [
      'more text than a record has',
      { bytes: ' '.repeat(directoryLimits.recordBytes + 1), signatures: [] },
      'directory.malformed',
    ],
    [
      'more bytes than characters',
      { bytes: 'ส'.repeat(directoryLimits.recordBytes / 2), signatures: [] },
      'directory.too-large',
    ],
    ['half a character', { bytes: '{"\ud800":1}', signatures: [] }, 'directory.too-large'],
    [
      'more signatures than there are parties',
      { bytes: '{}', signatures: Array.from({ length: 65 }, () => founding.signatures[0]!) },
      'directory.malformed',
    ],
  ])('%s', (_, record, code) => {
    expect(refusalOf(record)).toBe(code);
  });

  test('any text gives a refusal or a record, never an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (bytes) => {
        expect(refusalOf({ bytes, signatures: [] })).toMatch(/^directory\.|^[0-9a-f]{64}$/);
      }),
      { numRuns: 100 },
    );
  });

  test('what was read is what was signed', () => {
    expect(refusalOf(founding)).toBe(founding.id);
  });
});
