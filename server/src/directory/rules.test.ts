import { generateKeyPairSync, hash, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  directoryLimits,
  keyUses,
  newRecord,
  recordMessage,
  type OpenedRecord,
  type PartyCard,
  type RecordBody,
  type SignedRecord,
} from '@bronze-drum/protocol/directory';
import { rosterOf } from '@bronze-drum/protocol/directory-roster';
import { instantText, minuteMs } from '../kernel/clock.ts';
import { verifyEd25519 } from '../platform/signer.ts';
import { openTestSigner } from '../platform/test-keys.ts';
import { digestOf, openProposalsMax, ownRecordsMax, sharedRecords, takeIn, type Holding } from './rules.ts';

const sha256 = (data: Uint8Array) => hash('sha256', data, 'buffer');
const nowMs = Date.UTC(2026, 0, 2);
const at = instantText(nowMs - minuteMs);
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

interface Body {
  readonly code: string;
  readonly signer: ReturnType<typeof openTestSigner>;
  readonly card: PartyCard;
}
function newBody(code: string): Body {
  const signer = openTestSigner();
  const [checkpoint, call, cosignature] = keyUses.map((use) => text(signer.publicKey(use))) as [string, string, string];
  const card: PartyCard = {
    party: code,
    role: 'member',
    name: code,
    address: 'http://a',
    keys: { checkpoint, call, cosignature },
  };
  return { code, signer, card };
}
function signed(body: RecordBody, by: readonly Body[], uses: readonly (typeof keyUses)[number][]): SignedRecord {
  const { bytes } = newRecord(body, sha256);
  const signatures = by.flatMap(({ code, signer }) =>
    uses.map((use) => ({
      party: code,
      key: text(signer.publicKey(use)),
      signature: text(signer.sign(use, recordMessage(bytes))),
    })),
  );
  return { bytes, signatures };
}
const idOf = ({ bytes }: SignedRecord) => newRecord(JSON.parse(bytes) as RecordBody, sha256).id;

const [kh, th, vn] = ['kh', 'th', 'vn'].map(newBody) as [Body, Body, Body];
const founding = signed({ kind: 'founding', at, after: [], parties: [kh.card, th.card] }, [kh, th], keyUses);
const anchor = idOf(founding);
const after = [anchor];
const empty: Holding = { records: new Map(), anchor };
const intake = { nowMs, sha256, verify: verifyEd25519, vouched: false };

function take(holding: Holding, records: readonly SignedRecord[], vouched = false) {
  const taken = takeIn(holding, records, { ...intake, vouched });
  const changed = new Map(taken.changed.map((record) => [record.id, record]));
  const next: Holding = { ...holding, records: new Map([...holding.records, ...changed]) };
  return { ...taken, next };
}
const founded = take(empty, [founding]).next;
const candidate = (name: string): PartyCard => ({ ...vn.card, name });
const admission = (name: string, by: readonly Body[] = [kh]): SignedRecord =>
  signed({ kind: 'admission', at, after, party: candidate(name) }, by, ['cosignature']);
const relocation = (number: number, key = th, dated = at): SignedRecord =>
  signed({ kind: 'relocation', at: dated, after, party: 'th', address: `http://a${number}` }, [key], ['cosignature']);
const codeOf = (record: SignedRecord, holding = founded) => take(holding, [record]).refused.get(idOf(record));

test('whatever cannot be read or signs nothing is refused, and the rest of the batch is taken', () => {
  const broken: SignedRecord[] = [
    { bytes: '{}', signatures: [] },
    { bytes: JSON.stringify({ kind: 'coup', at, after }), signatures: [] },
    { bytes: 'x'.repeat(directoryLimits.recordBytes + 1), signatures: [] },
  ];
  const taken = take(founded, [...broken, relocation(1, kh), relocation(2)]);
  expect([...taken.refused.values()]).toEqual([
    'directory.kind',
    'directory.kind',
    'directory.malformed',
    'directory.unsigned',
  ]);
  expect(taken.changed).toHaveLength(1);
});

test('a signature that does not verify, or is by a key that nobody named, is dropped', () => {
  const genuine = admission('a');
  const [signature] = genuine.signatures;
  const stranger = generateKeyPairSync('ed25519');
  const raw = stranger.publicKey.export({ type: 'spki', format: 'der' }).subarray(12);
  const other = sign(null, recordMessage(genuine.bytes), stranger.privateKey);
  const forged = [
    { ...signature!, signature: text(th.signer.sign('cosignature', recordMessage(genuine.bytes))) },
    { party: 'kh', key: text(raw), signature: text(other) },
  ];
  expect(codeOf({ ...genuine, signatures: forged })).toBe('directory.unsigned');
  const [record] = take(founded, [{ ...genuine, signatures: [...forged, signature!, signature!] }]).changed;
  expect(record?.signatures).toEqual([signature]);
});

test('what is new is told once', () => {
  const record = admission('a', [kh, th]);
  const halves = record.signatures.map((signature) => ({ ...record, signatures: [signature] }));
  const first = take(founded, [halves[0]!]);
  expect(first.changed).toHaveLength(1);
  expect(take(first.next, [halves[0]!]).changed).toEqual([]);
  expect(take(first.next, [halves[1]!]).changed).toMatchObject([{ signatures: { length: 2 } }]);
});

test('a record from the future waits until its time', () => {
  const early = relocation(1, th, instantText(nowMs + directoryLimits.futureMs + 1));
  expect(codeOf(early)).toBe('directory.future');
  expect(codeOf(relocation(1, th, instantText(nowMs + directoryLimits.futureMs)))).toBeUndefined();
});

test('nothing is taken before the founding, and no other founding than the trusted one', () => {
  const other = signed({ kind: 'founding', at, after: [], parties: [vn.card] }, [vn], keyUses);
  expect(codeOf(admission('a'), empty)).toBe('conflict.directory-not-founded');
  expect(codeOf(other)).toBe('conflict.directory-founding');
  expect(take({ records: new Map(), anchor: undefined }, [founding, admission('a')]).changed).toEqual([]);
});

test('a neighbour’s proposal needs a member’s signature; an officer’s does not', () => {
  expect(codeOf(admission('a', []))).toBe('directory.unsigned');
  expect(codeOf(admission('a', [vn]))).toBe('directory.unsigned');
  expect(take(founded, [admission('a', [])], true).changed).toHaveLength(1);
});

test('one member cannot fill the directory with proposals or with moves', () => {
  const proposals = Array.from({ length: openProposalsMax + 5 }, (_, index) => admission(`name ${index}`));
  let holding = take(founded, proposals).next;
  expect(holding.records.size).toBe(1 + openProposalsMax);
  expect(codeOf(admission('one more'), holding)).toBe('too-many.directory-proposals');
  expect(codeOf(admission('of another', [th]), holding)).toBeUndefined();
  const moves = Array.from({ length: ownRecordsMax + 5 }, (_, index) => relocation(index));
  holding = take(holding, moves).next;
  expect(holding.records.size).toBe(1 + openProposalsMax + ownRecordsMax);
});

test('servers that exchange records in any pieces hold the same, and their digests say so', () => {
  const records = [founding, admission('a', [kh, th]), admission('b'), relocation(1), relocation(2)];
  const pieces = records.flatMap((record) => record.signatures.map((each) => ({ ...record, signatures: [each] })));
  const digest = (holding: Holding) => {
    const roster = rosterOf(holding.records.values(), anchor, nowMs);
    return digestOf(sharedRecords(holding, roster), sha256);
  };
  const expected = digest(take(empty, records).next);
  fc.assert(
    fc.property(fc.shuffledSubarray(pieces, { minLength: pieces.length }), fc.nat(pieces.length), (order, cut) => {
      const first = take(empty, order.slice(0, cut)).next;
      const everything = take(first, [...order.slice(cut), ...order]).next;
      expect(digest(everything)).toBe(expected);
    }),
    { numRuns: 15 },
  );
  expect(digest(founded)).not.toBe(expected);
});

test('the roster that follows does not depend on what was refused on the way', () => {
  const noise: SignedRecord[] = [relocation(9, kh), admission('z', [])];
  const records = [founding, relocation(1)];
  const plain = (holding: Holding) => rosterOf(holding.records.values() as Iterable<OpenedRecord>, anchor, nowMs);
  expect(plain(take(empty, [...noise, ...records]).next).parties).toEqual(plain(take(empty, records).next).parties);
});
