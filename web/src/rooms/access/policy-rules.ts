/** A member's rules as the server gives them: sections of names and values. */
export type Rules = Readonly<Record<string, unknown>>;

export interface Difference {
  /** From the section downwards: `screening`, `advice`, `court`. */
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

const isTable = (value: unknown): value is Rules =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What differs between two sets of rules, value by value; lists are compared whole. When they begin is no difference. */
export function differences(before: Rules, after: Rules): Difference[] {
  return differ(before, after, []).filter(({ path }) => path[0] !== 'effectiveFrom');
}

function differ(before: unknown, after: unknown, path: readonly string[]): Difference[] {
  if (isTable(before) && isTable(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => differ(before[name], after[name], [...path, name]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** What a name of the policy, or a value under it, stands for, so that it is said in words. */
export type Meaning =
  | 'tier'
  | 'identifier-type'
  | 'advice'
  | 'alert-kind'
  | 'role'
  | 'office-kind'
  | 'order-kind'
  | 'request-kind'
  | 'priority'
  | 'detector'
  | 'detector-mode'
  | 'limit'
  | 'member'
  | 'act'
  | 'method'
  | 'return-method'
  | 'stage'
  | 'asks'
  | 'currency'
  | 'key'
  | 'weekday'
  | 'choice'
  | 'field'
  | 'hours'
  | 'minutes'
  | 'share'
  | 'plain';

const keyMeanings: Readonly<Record<string, Meaning>> = {
  'screening/advice': 'tier',
  'screening/byType': 'identifier-type',
  'listings/expiryHours': 'tier',
  'alerts/routes': 'alert-kind',
  'orders/kinds': 'order-kind',
  'liaison/kinds': 'request-kind',
  'liaison/service': 'priority',
  'detection/detectors': 'detector',
  'funds/subsistence': 'currency',
  'funds/trace/smallest': 'currency',
  'funds/standing/smallest': 'currency',
};

/** What the names below a path are: `screening/byType/phone` holds tiers. */
export function meaningOfKeys(path: readonly string[]): Meaning {
  const known = keyMeanings[path.join('/')];
  if (known !== undefined) return known;
  if (path[0] === 'screening' && path[1] === 'byType' && path.length === 3) return 'tier';
  return path[0] === 'detection' && path[3] === 'limits' ? 'limit' : 'field';
}

const valueMeanings: Readonly<Record<string, Meaning>> = {
  raiseTo: 'advice',
  presentedAtMost: 'advice',
  ancestorAtMost: 'advice',
  roles: 'role',
  escalateTo: 'role',
  offices: 'office-kind',
  acts: 'act',
  allowList: 'key',
  types: 'identifier-type',
  treatyGaps: 'member',
  with: 'member',
  workdays: 'weekday',
  asks: 'asks',
  mode: 'detector-mode',
  whenAlone: 'choice',
  whenLapsed: 'choice',
  atExpiry: 'choice',
  scorecard: 'choice',
  from: 'choice',
  warnAtShare: 'share',
  act: 'minutes',
  expiryHours: 'hours',
};

/** What the value at a path is. */
export function meaningOfValue(path: readonly string[]): Meaning {
  const name = path.at(-1) ?? '';
  if (path[0] === 'screening' && (path[1] === 'advice' || path[1] === 'byType')) return 'advice';
  if (path[0] === 'listings' && path[1] === 'expiryHours') return 'hours';
  if (path[0] === 'funds' && name === 'name') return 'stage';
  if (name === 'method') return path.includes('returns') ? 'return-method' : 'method';
  if (name === 'kind') return path[0] === 'liaison' ? 'request-kind' : 'plain';
  const known = valueMeanings[name];
  if (known !== undefined) return known;
  if (/hours(?:max)?$/i.test(name)) return 'hours';
  return /minutes(?:max)?$/i.test(name) ? 'minutes' : 'plain';
}
