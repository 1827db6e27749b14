import type { Form, ValuesOf } from './fields.ts';

/** What one member's liaison may ask of another's. A new kind goes to the end. */
export const requestKinds = [
  'stop-payment',
  'continue-trace',
  'hold',
  'identify',
  'preserve',
  'block-number',
  'take-down',
  'verify-identity',
  'welfare-check',
  'provide-evidence',
  'locate',
  'joint-action',
  'information',
] as const;
export type RequestKind = (typeof requestKinds)[number];

const must = { required: true } as const;
const may = { required: false } as const;

/** The fields of each kind. */
export const requestForms = {
  'stop-payment': {
    payments: { type: 'payments', ...must },
    trace: { type: 'id', ...may },
  },
  /** A trace that leaves the asking member goes on at the asked one. */
  'continue-trace': {
    trace: { type: 'id', ...must },
    payments: { type: 'payments', ...must },
    /** Of these payments, what came from the theft. */
    tainted: { type: 'amount', ...must },
    /** How many steps the money has made before. */
    hops: { type: 'count', ...must },
    method: { type: 'code', codes: ['haircut', 'first-in-first-out', 'lowest-intermediate-balance'], ...must },
    stolenAt: { type: 'instant', ...must },
    debitConfirmed: { type: 'flag', ...must },
  },
  hold: {
    account: { type: 'key', ...must },
    amount: { type: 'amount', ...must },
    trace: { type: 'id', ...may },
    until: { type: 'instant', ...may },
  },
  identify: {
    identifiers: { type: 'keys', ...must },
    at: { type: 'instant', ...may },
    wanted: { type: 'codes', codes: ['holder', 'opening-documents', 'contact', 'history', 'devices'], ...must },
  },
  preserve: {
    identifiers: { type: 'keys', ...must },
    from: { type: 'instant', ...must },
    until: { type: 'instant', ...must },
    records: { type: 'codes', codes: ['account', 'subscriber', 'traffic', 'content', 'log-ins', 'images'], ...must },
    custodian: { type: 'name', ...may },
    intendsLegalAssistance: { type: 'flag', ...must },
  },
  'block-number': {
    numbers: { type: 'keys', ...must },
    use: { type: 'code', codes: ['calls', 'messages', 'both'], ...must },
    until: { type: 'instant', ...may },
  },
  'take-down': {
    addresses: { type: 'keys', ...must },
    content: {
      type: 'code',
      codes: ['phishing', 'fake-shop', 'fake-investment', 'malware', 'recruitment', 'other'],
      ...must,
    },
  },
  'verify-identity': {
    claimedName: { type: 'name', ...must },
    claimedNationality: { type: 'country', ...must },
    birthYear: { type: 'count', ...may },
    document: {
      type: 'code',
      codes: ['passport', 'identity-card', 'border-pass', 'birth-certificate', 'none'],
      ...must,
    },
    languagesSpoken: { type: 'text', ...may },
    custody: { type: 'flag', ...must },
  },
  'welfare-check': {
    person: { type: 'text', ...must },
    danger: {
      type: 'codes',
      codes: ['held', 'violence', 'illness', 'child', 'pregnancy', 'self-harm', 'sold-on'],
      ...must,
    },
    whereabouts: { type: 'text', ...must },
    heardAt: { type: 'instant', ...must },
    mayContact: { type: 'flag', ...must },
  },
  'provide-evidence': {
    subjects: { type: 'keys', ...may },
    wanted: { type: 'text', ...must },
    proceedings: { type: 'name', ...may },
    neededBy: { type: 'instant', ...may },
  },
  locate: {
    person: { type: 'text', ...must },
    nationality: { type: 'country', ...may },
    measure: { type: 'code', codes: ['locate', 'watch', 'provisional-arrest', 'arrest'], ...must },
    warrant: { type: 'name', ...may },
    lastSeenAt: { type: 'instant', ...may },
    whereabouts: { type: 'text', ...may },
  },
  'joint-action': {
    plan: { type: 'text', ...must },
    from: { type: 'instant', ...must },
    until: { type: 'instant', ...must },
    agencies: { type: 'text', ...may },
  },
  information: {
    subjects: { type: 'keys', ...may },
    question: { type: 'text', ...must },
  },
} as const satisfies Record<RequestKind, Form>;

export type RequestDetails<K extends RequestKind = RequestKind> = ValuesOf<(typeof requestForms)[K]>;

/** What an answer can say in coded fields, whatever the kind; the rest is free text and exhibits. */
export const answerForm = {
  /** Each as the asked member did it. */
  done: {
    type: 'codes',
    codes: [
      'held',
      'stopped',
      'traced',
      'identified',
      'preserved',
      'blocked',
      'taken-down',
      'verified',
      'found-safe',
      'rescued',
      'located',
      'arrested',
      'evidence-given',
      'agreed',
      'informed',
    ],
    required: false,
  },
  held: { type: 'amount', required: false },
  gone: { type: 'amount', required: false },
  until: { type: 'instant', required: false },
  identifiers: { type: 'keys', required: false },
  nationalityConfirmed: { type: 'flag', required: false },
  reference: { type: 'name', required: false },
} as const satisfies Form;
export type AnswerFacts = ValuesOf<typeof answerForm>;

/** Why a request is refused. A sender can put right those of the first group and send it again. */
export const requestRefusals = [
  'missing-signature',
  'missing-legal-basis',
  'missing-detail',
  'missing-treaty',
  'insufficient-grounds',
  'not-competent',
  'wrong-country',
  'not-found',
  'not-permitted',
  'political-or-military',
  'own-national',
  'danger-to-person',
  'too-late',
  'duplicate',
  'capacity',
] as const;
export type RequestRefusal = (typeof requestRefusals)[number];

/** Europol’s and the FIUs’ purposes, in what a recipient may use an answer for. */
export const requestPurposes = [
  'save-life',
  'stop-money',
  'investigation',
  'prosecution',
  'asset-recovery',
  'repatriation',
  'prevention',
] as const;
export type RequestPurpose = (typeof requestPurposes)[number];

/** P1 life, or money that moves; P2 what is lost soon; P3 the same day; P4 within a week. */
export const requestPriorities = ['P1', 'P2', 'P3', 'P4'] as const;
export type RequestPriority = (typeof requestPriorities)[number];

export const requestStates = [
  'drafted',
  'approved',
  'sent',
  'received',
  'acknowledged',
  'in-work',
  'partly-answered',
  'answered',
  'refused',
  'withdrawn',
] as const;
export type RequestState = (typeof requestStates)[number];
