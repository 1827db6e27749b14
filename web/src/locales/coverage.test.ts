import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectors } from '@bronze-drum/detection/catalogue';
import { detectorModes } from '@bronze-drum/detection/rules';
import { openWindowFeatures } from '@bronze-drum/detection/features/window-features';
import { openVerdicts } from '@bronze-drum/detection/verdicts';
import { activityKinds } from '@bronze-drum/protocol/activity/kinds';
import { paymentChannels } from '@bronze-drum/protocol/activity/payment';
import { alertKinds, alertPriorities } from '@bronze-drum/protocol/alerts';
import { keyUses, partyRoles } from '@bronze-drum/protocol/directory';
import { quarantineCodes } from '@bronze-drum/protocol/federation/checks';
import { handlingConditions, tlpLabels } from '@bronze-drum/protocol/handling';
import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { requestRefusals } from '@bronze-drum/protocol/requests';
import { holdDeeds, holdEnds } from '@bronze-drum/protocol/statements/hold';
import { statementKinds } from '@bronze-drum/protocol/statements/kinds';
import {
  informationGrades,
  sightings,
  sourceGrades,
  withdrawalReasons,
} from '@bronze-drum/protocol/statements/listing';
import { returnMethods, returnStates } from '@bronze-drum/protocol/statements/money-return';
import { placeEnds } from '@bronze-drum/protocol/statements/trace-report';
import { expect, test } from 'vitest';
import {
  ApprovalSummary,
  institutionKinds,
  Key,
  officeKinds,
  roles,
  Session,
} from '../../../server/src/access/contract.ts';
import { alertStates, Close, reasonCodes, Watch } from '../../../server/src/alerts/contract.ts';
import { driftStates, Replay } from '../../../server/src/detection/contract.ts';
import { directions } from '../../../server/src/directory/contract.ts';
import { collectionMeans, custodyActs } from '../../../server/src/evidence/contract.ts';
import { Held, Links } from '../../../server/src/federation/contract.ts';
import { reportChannels, traceMethods } from '../../../server/src/funds/contract.ts';
import { purposes } from '../../../server/src/kernel/actor.ts';
import { advices } from '../../../server/src/kernel/policy.ts';
import { appealStates } from '../../../server/src/redress/contract.ts';
import { OrderDetails } from '../../../server/src/orders/contract.ts';
import { Export, ImportReport, Listing } from '../../../server/src/registry/contract.ts';

type Texts = Readonly<Record<string, string>>;

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const textsOf = (file: string): Texts => JSON.parse(read(`web/src/locales/en/${file}.json`)) as Texts;
const [refusals, reasons, terms] = [textsOf('refusals'), textsOf('reasons'), textsOf('terms')];

const placesOf = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!);
const sorted = (codes: Iterable<string>): string[] => [...new Set(codes)].toSorted();

/** Sources whose refusals somebody at a desk or an institution may be told; the readers of feeds serve a command alone. */
const sources = ['protocol', 'server/src', 'client']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
  )
  .filter((path) => path.endsWith('.ts') && !/\.(test|generate)\.ts$|\/test-|node_modules|\/vectors\//.test(path))
  .filter((path) => !/^server\/src\/(commands|journeys|registry\/feeds)\//.test(path))
  .map(read);

const bare = ['defect', 'unavailable', 'unsupported-media-type'];
const isCode = (text: string): boolean => text.includes('.') || bare.includes(text);
/** Codes that are said nowhere but in a refusal, wherever they stand. */
const literals =
  /'((?:(?:malformed|unauthenticated|forbidden|not-found|conflict|gone|too-large|too-many)\.[a-z0-9-]+|identifier\.[a-z.-]+|funds\.share-[a-z-]+|liaison\.(?:missing-treaty|person-key)|directory\.(?:unsigned|future|key-ended)|client\.(?:amount|amount-precision|currency)))'/g;

function codesIn(source: string): string[] {
  const called = [...source.matchAll(/\b(?:refuse|refusal)\(([^{;]{0,200})/g)].flatMap(([, rest]) =>
    [...rest!.matchAll(/'([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)'/g)].map(([, code]) => code!),
  );
  const answered = [...source.matchAll(/\brefused: '([a-z0-9.-]+)'/g)].map(([, code]) => code!);
  return [...called.filter(isCode), ...answered.filter((code) => isCode(code) && !code.startsWith('client.'))].concat(
    [...source.matchAll(literals)].map(([, code]) => code!),
  );
}

/** Codes that are put together: `liaison.${refusal}`, `funds.${asks}-needed`, `unauthenticated.${state}`. */
const composed = [
  ...requestRefusals.map((refusal) => `liaison.${refusal}`),
  'funds.complaint-needed',
  'funds.court-needed',
  'unauthenticated.expired',
  'unauthenticated.revoked',
];

test('every refusal that an officer or institution can meet is said in words', () => {
  const codes = sorted([...sources.flatMap(codesIn), ...composed]);
  const said = sorted(Object.keys(refusals).filter((key) => !key.startsWith('family.')));
  expect(codes.length).toBeGreaterThan(350);
  expect({
    missing: codes.filter((code) => !said.includes(code)),
    unused: said.filter((key) => !codes.includes(key)),
  }).toEqual({
    missing: [],
    unused: [],
  });
});

test('a code that a later release adds is still answered by its family', () => {
  const families = [
    'malformed',
    'unauthenticated',
    'forbidden',
    'not-found',
    'conflict',
    'gone',
    'too-large',
    'too-many',
    ...bare,
    'offline',
    'other',
  ];
  expect(sorted(Object.keys(refusals).filter((key) => key.startsWith('family.')))).toEqual(
    sorted(families.map((family) => `family.${family}`)),
  );
});

test('a refusal names only what is told with it', () => {
  const named = Object.entries(refusals).flatMap(([code, text]) => placesOf(text).map((place) => ({ code, place })));
  const untold = named.filter(
    ({ code, place }) =>
      !sources.some((source) => {
        for (let at = source.indexOf(`'${code}'`); at >= 0; at = source.indexOf(`'${code}'`, at + 1))
          if (new RegExp(String.raw`\b${place}\b`).test(source.slice(at, at + 200))) return true;
        return false;
      }),
  );
  expect(untold).toEqual([]);
});

const features = [
  ...openWindowFeatures({ accounts: 2, pairs: 64 }).names,
  ...openWindowFeatures({ accounts: 2, pairs: 64 }).opinionNames,
  ...openVerdicts().names,
  'opinion.first',
];
const isWithin = (feature: string, prefix: string): boolean => feature === prefix || feature.startsWith(`${prefix}.`);

test('every reason of an alert is a sentence, which names only what is told with it', () => {
  const sentences = Object.entries(reasons).filter(([key]) => !key.startsWith('score.'));
  expect(sorted(sentences.map(([key]) => key.split('_')[0]!))).toEqual(sorted(Object.keys(reasonCodes)));
  const untold = sentences.flatMap(([key, text]) =>
    placesOf(text)
      .filter((place) => !reasonCodes[key.split('_')[0]!]!.includes(place))
      .map((place) => `${key}: ${place}`),
  );
  expect(untold).toEqual([]);
});

test('what moved a score is said for every feature', () => {
  const prefixes = Object.keys(reasons)
    .filter((key) => key.startsWith('score.'))
    .map((key) => key.slice('score.'.length));
  expect(features.filter((feature) => !prefixes.some((prefix) => isWithin(feature, prefix)))).toEqual([]);
  expect(prefixes.filter((prefix) => !features.some((feature) => isWithin(feature, prefix)))).toEqual([]);
});

const facts = Object.values(reasonCodes).flat();
/** What stands in the text of an amount, and is no fact of its own. */
const isFact = (name: string): boolean => name !== 'currency' && !name.endsWith('Currency');
const limits = detectors.flatMap(({ limits: schema }) => Object.keys(schema.properties));
const withWhat = (codes: readonly string[]): string[] => codes.flatMap((code) => [code, `${code}.what`]);
const recorded = (pattern: RegExp): string[] =>
  sources.flatMap((source) => [...source.matchAll(pattern)].map(([, code]) => code!));

const codesOf = (schema: object): readonly string[] => (schema as { readonly enum: readonly string[] }).enum;

/** The codes of a list that no contract gives out. */
const writtenIn = (path: string, list: string): string[] =>
  [...new RegExp(String.raw`const ${list} = \[([^\]]*)\]`).exec(read(path))![1]!.matchAll(/'([^']+)'/g)].map(
    ([, code]) => code!,
  );

/** Lists whose codes the sources name. */
const lists: Readonly<Record<string, readonly string[]>> = {
  priority: withWhat(alertPriorities),
  alertKind: alertKinds,
  alertState: alertStates,
  // No officer says `ended`: what was the matter is over.
  alertOutcome: [...codesOf(Close.properties.outcome), 'ended'],
  detector: withWhat(detectors.map(({ name }) => name)),
  detectorMode: detectorModes,
  drift: driftStates,
  fact: facts.filter(isFact),
  limit: limits,
  permission: codesOf(Session.properties.permissions.items),
  role: withWhat(roles),
  officeKind: officeKinds,
  institutionKind: institutionKinds,
  identifierType: identifierTypes,
  advice: withWhat(advices),
  match: writtenIn('server/src/screening/match.ts', 'matchKinds'),
  tlp: withWhat(tlpLabels),
  condition: handlingConditions,
  sourceGrade: sourceGrades,
  informationGrade: informationGrades.map(String),
  act: [
    ...recorded(/\bact: '((?:registry|orders|liaison|funds)\.[a-z-]+)'/g),
    ...recorded(/\b\w*[aA]ct = '([a-z]+\.[a-z-]+)'/g),
  ],
  read: [
    ...recorded(/\brecordRead\([^;]*?\bwhat: '([a-z.-]+)'/g),
    ...recorded(/\brecordRead\([^;{]*'(evidence\.[a-z]+)'/g),
    ...recorded(/\breadAs\(actor, id, '([a-z.]+)'/g),
  ],
  change: recorded(/\brecordChange\([^;]*?\bwhat: '([a-z.-]+)'/g),
  purpose: purposes,
  appealState: appealStates,
  appealedAct: recorded(/\bcontestable\('([a-z-]+)'/g),
  withdrawalReason: withdrawalReasons,
  sighting: sightings,
  partyRole: partyRoles,
  pauseDirection: directions,
  fault: quarantineCodes,
  keyUse: keyUses,
  statementKind: Object.keys(statementKinds),
  orderDeed: codesOf(OrderDetails.properties.history.items.properties.what),
  traceMethod: withWhat(traceMethods),
  reportChannel: reportChannels,
  loss: placeEnds.filter((end) => end !== 'open'),
  holdDeed: holdDeeds,
  holdEnd: holdEnds,
  holdStage: readdirSync(join(root, 'policies'))
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => [...read(`policies/${file}`).matchAll(/"name": ?"([a-z-]+)"/g)].map(([, stage]) => stage!)),
  returnState: returnStates,
  returnMethod: withWhat(returnMethods),
  custodyAct: custodyActs,
  collectionMeans,
  activity: activityKinds,
  paymentChannel: paymentChannels,
  approvalState: codesOf(ApprovalSummary.properties.state),
  keyState: codesOf(Key.properties.state),
  watchDelivery: codesOf(Watch.properties.delivery),
  replayState: codesOf(Replay.properties.state),
  linkState: codesOf(Links.properties.links.items.properties.state),
  heldState: codesOf(Held.properties.state),
  listingState: codesOf(Listing.properties.state),
  exportState: codesOf(Export.properties.state),
  importState: codesOf(ImportReport.properties.state),
};
/** Lists whose codes stand in no one place that can be read here. */
const byHand = sorted(
  'actVariant alertDeed audience clock counter deliveryState direction directoryRecord eventType factValue holdAsks part receiptState recordRole reportState requestLink requestNeed sheetRow side traceState waits weakness webhookDisabled'.split(
    ' ',
  ),
);

test.each(Object.entries(lists))('every code of “%s” has its word, and no word is left over', (list, codes) => {
  const said = Object.keys(terms).filter((key) => key.startsWith(`${list}.`));
  expect(sorted(said.map((key) => key.slice(list.length + 1)))).toEqual(sorted(codes));
});

test('no list of words is forgotten here', () => {
  const known = new Set(Object.keys(lists));
  expect(
    sorted(
      Object.keys(terms)
        .map((key) => key.split('.')[0]!)
        .filter((list) => !known.has(list)),
    ),
  ).toEqual(byHand);
});

test('no text shouts, is empty, or leaves a place half open', () => {
  const texts = [refusals, reasons, terms].flatMap((file) => Object.entries(file));
  const ill = texts.filter(
    ([key, text]) =>
      text.trim() !== text ||
      text === '' ||
      /!|\u0020{2}/.test(text) ||
      key.includes(':') ||
      /[{}]/.test(text.replace(/\{\{\w+\}\}/g, '')),
  );
  expect(ill).toEqual([]);
});
