import type { Batches } from './batches.ts';
import { itemOfClaim } from './claim.ts';
import type { Claim } from './claim.ts';
import { openDocument } from './document.ts';
import type { FeedReader } from './entry.ts';
import { hintsOf, platformOf } from './misp-types.ts';
import { anyOf, stixPaths } from './stix-pattern.ts';
import { isObject, textAt } from './value.ts';
import type { JsonObject, JsonValue } from './value.ts';

const elements = new Set(['objects[]', '[].objects[]']);

/** dogesec's `phone-number` tells its country in three letters. */
const alpha2 = new Map([
  ['CHN', 'CN'],
  ['KHM', 'KH'],
  ['LAO', 'LA'],
  ['MMR', 'MM'],
  ['THA', 'TH'],
  ['VNM', 'VN'],
]);

/**
 * STIX 2.0 and 2.1 bundles and TAXII envelopes: observables, indicators whose pattern is "any one of these", and the
 * observables that 2.0 keeps inside `observed-data`. What is revoked or benign makes no claim.
 */
export function openStix(out: Batches): FeedReader {
  let ordinal = 0;

  function readIndicator(indicator: JsonObject): void {
    const language = textAt(indicator, 'pattern_type') ?? 'stix';
    if (isBenign(indicator)) return out.skip(ordinal, 'benign');
    if (language !== 'stix') return out.skip(ordinal, 'type');
    const found = anyOf(textAt(indicator, 'pattern') ?? '');
    if (found === undefined) return out.add({ line: ordinal, refused: 'feed.unsupported-pattern' });
    const grounds = textAt(indicator, 'description') ?? textAt(indicator, 'name');
    const since = textAt(indicator, 'valid_from');
    const until = textAt(indicator, 'valid_until');
    for (const { path, value } of found) {
      const type = stixPaths.get(path);
      if (type === undefined) out.skip(ordinal, 'type');
      else out.add(itemOfClaim(ordinal, { type, text: value, grounds, since, until }));
    }
  }

  function readObject(object: JsonObject): void {
    const embedded = object['type'] === 'observed-data' ? object['objects'] : undefined;
    if (object['revoked'] === true) out.skip(ordinal, 'revoked');
    else if (object['type'] === 'indicator') readIndicator(object);
    else if (isObject(embedded)) for (const one of Object.values(embedded)) readObservable(one);
    else readObservable(object);
  }

  function readObservable(object: JsonValue): void {
    const claim = isObject(object) ? claimOf(object) : undefined;
    if (claim === undefined) out.skip(ordinal, 'type');
    else out.add(itemOfClaim(ordinal, claim));
  }

  const document = openDocument({
    elements,
    onStray: () => out.skip(++ordinal, 'type'),
    onBroken: (refused) => out.add({ line: ordinal + 1, refused }),
    onElement(value) {
      ordinal++;
      if (value === undefined) out.add({ line: ordinal, refused: 'feed.object-too-large' });
      else readObject(value);
    },
  });
  return {
    push: document.push,
    end: document.end,
    get line() {
      return ordinal;
    },
  };
}

/** `indicator_types` in 2.1, `labels` in 2.0. */
function isBenign(indicator: JsonObject): boolean {
  const kinds = indicator['indicator_types'] ?? indicator['labels'];
  return Array.isArray(kinds) && kinds.includes('benign');
}

function claimOf(object: JsonObject): Claim | undefined {
  const kind = textAt(object, 'type') ?? '';
  const value = textAt(object, 'value') ?? '';
  if (kind === 'bank-account') {
    const bic = textAt(object, 'bic');
    const text = textAt(object, 'account_number') ?? textAt(object, 'iban') ?? '';
    return { type: 'account', text, hints: hintsOf(bic?.slice(4, 6), bic) };
  }
  if (kind === 'phone-number') {
    const country = textAt(object, 'country')?.toUpperCase() ?? '';
    return { type: 'phone', text: value, hints: hintsOf(alpha2.get(country) ?? country, undefined) };
  }
  if (kind === 'user-account') {
    const platform = platformOf(textAt(object, 'account_type') ?? '');
    const name = textAt(object, 'account_login') ?? textAt(object, 'user_id');
    if (platform === undefined || name === undefined) return undefined;
    return { type: 'handle', text: `${platform}:${name.trim()}` };
  }
  const type = stixPaths.get(`${kind}:value`);
  return type === undefined ? undefined : { type, text: value };
}
