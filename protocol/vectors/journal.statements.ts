import type { Statement } from '../statements/envelope.ts';

/** A book of three statements: one of a known kind, one of a kind that this release does not know, and an erasure. */
export const statements: readonly Statement[] = [
  {
    envelope: {
      member: 'th',
      book: 'kh+th',
      kind: 'listing',
      version: 1,
      at: '2026-01-05T02:30:00.000Z',
      author: { office: 'aoc', officer: 'th-0017' },
      audience: ['kh', 'th'],
      handling: { tlp: 'AMBER', conditions: ['H1', 'H2'] },
      retention: { until: '2027-01-05T02:30:00.000Z' },
      subject: 'phone:+66812345678',
    },
    body: {
      id: '0d5d6c3e-8f0b-4f0e-9f3d-3f6f5f1c2a11',
      revision: 1,
      key: 'phone:+66812345678',
      tier: 'victim',
      typologies: ['impersonation-official'],
      offence: 'telecom-online-fraud',
      grading: { source: 'B', information: 2 },
      grounds: 'แอบอ้างเป็นเจ้าหน้าที่ — ធ្វើពុតជាមន្ត្រី',
      sighting: 'originating',
      since: '2026-01-05T02:30:00.000Z',
      until: '2026-07-05T02:30:00.000Z',
      discreet: false,
    },
  },
  {
    envelope: {
      member: 'th',
      book: 'kh+th',
      kind: 'from-a-later-release',
      version: 3,
      at: '2026-01-05T02:30:00.001Z',
      author: { office: 'aoc', rule: 'standing-7' },
      audience: ['kh', 'th'],
      handling: { tlp: 'AMBER+STRICT', conditions: ['H3'], restriction: 'Not to leave the joint team' },
      withdraws: '0d5d6c3e-8f0b-4f0e-9f3d-3f6f5f1c2a11',
    },
    body: { anything: [null, true, 'a "quoted" \\ text\n'] },
  },
  {
    envelope: {
      member: 'th',
      book: 'kh+th',
      kind: 'erasure',
      version: 1,
      at: '2026-02-01T00:00:00.000Z',
      author: { office: 'aoc', officer: 'th-0002' },
      audience: ['kh', 'th'],
      handling: { tlp: 'AMBER', conditions: [] },
    },
    body: { number: 0, basis: 'PDPA B.E. 2562 s. 33' },
  },
];

const { envelope } = statements[2]!;

/** Envelopes that no server may accept, each with the place of what is wrong. */
export const wrongEnvelopes = [
  { at: '/member', envelope: { ...envelope, member: 'usa' } },
  { at: '/book', envelope: { ...envelope, book: 'kh+' } },
  { at: '/book', envelope: { ...envelope, book: 'everyone' } },
  { at: '/kind', envelope: { ...envelope, kind: 'Erasure' } },
  { at: '/version', envelope: { ...envelope, version: 0 } },
  { at: '/at', envelope: { ...envelope, at: '2026-02-01T00:00:00Z' } },
  { at: '/at', envelope: { ...envelope, at: '2026-02-01T07:00:00.000+07:00' } },
  { at: '/author', envelope: { ...envelope, author: {} } },
  { at: '/handling/tlp', envelope: { ...envelope, handling: { tlp: 'WHITE', conditions: [] } } },
  { at: '/handling/conditions', envelope: { ...envelope, handling: { tlp: 'RED', conditions: ['H1', 'H1'] } } },
  { at: '', envelope: { ...envelope, seal: 'x' } },
] as const;
