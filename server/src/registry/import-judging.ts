import { mayLeave } from '@bronze-drum/protocol/handling';
import { identifierTypes } from '@bronze-drum/protocol/identifiers/identifier';
import { parse } from '@bronze-drum/protocol/identifiers/identifiers';
import { isRefusal, type Refusal } from '@bronze-drum/protocol/refusals';
import type { ListingBody } from '@bronze-drum/protocol/statements/listing';
import { instantMs, instantText } from '../kernel/clock.ts';
import { needsExportApproval, needsSecondPerson, type PolicyRules } from '../kernel/policy.ts';
import type { ImportItem, ImportTerms } from './contract.ts';
import { hintsOf } from './listings.ts';
import { expiryMs, listingBar } from './rules.ts';
import { listingId, typeOf } from './saying.ts';

/** Whether anything of an import may need approval to leave; of one whose items are of any type, all is approved together. */
export function mayNeedApproval(rules: PolicyRules, terms: ImportTerms, book: string): boolean {
  const types = terms.type === undefined ? identifierTypes : [terms.type];
  return types.some((type) => needsExportApproval(rules, type, book));
}

export interface Judging {
  readonly rules: PolicyRules;
  readonly member: string;
  readonly book: string;
  readonly terms: ImportTerms;
  /** A second person approved the import, and with it that it leaves. */
  readonly mayExport: boolean;
}

/** The listing that an item makes under the import's terms, as its first revision, or why it may not be listed. */
export function judge(
  { rules, member, book, terms, mayExport }: Judging,
  item: ImportItem,
  nowMs: number,
): ListingBody | Refusal {
  const key = parse(item.identifier, hintsOf({ ...hintsOf(terms), ...hintsOf(item) }));
  if (isRefusal(key)) return key;
  const type = typeOf(key);
  const bar = listingBar(rules, key, book) ?? mayLeave(terms.handling, book, type);
  if (bar !== undefined) return bar;
  if (!mayExport && needsExportApproval(rules, type, book)) return { refused: 'registry.export-needs-approval' };
  const isPhone = key.startsWith('phone:');
  if (isPhone && terms.sighting === undefined) return { refused: 'registry.sighting-needed' };
  const tier = item.tier ?? terms.tier;
  // An item may be weaker than the import's terms, which were approved; a stronger claim needs its own approval.
  if (tier !== terms.tier && needsSecondPerson(rules, `registry.import:${tier}`))
    return { refused: 'registry.tier-needs-approval' };
  const sinceMs = item.since === undefined ? nowMs : instantMs(item.since);
  const wished = item.until ?? terms.until;
  const untilMs = expiryMs(rules, tier, Math.max(sinceMs, nowMs), wished === undefined ? undefined : instantMs(wished));
  if (untilMs <= nowMs) return { refused: 'registry.until-past' };
  if (untilMs <= sinceMs) return { refused: 'registry.until-before-since' };
  return {
    id: listingId(member, terms.source, key),
    revision: 1,
    key,
    tier,
    typologies: item.typologies ?? terms.typologies,
    offence: item.offence ?? terms.offence,
    grading: terms.grading,
    grounds: item.grounds ?? terms.grounds,
    source: terms.source,
    ...(isPhone && { sighting: terms.sighting }),
    since: instantText(sinceMs),
    until: instantText(untilMs),
    discreet: terms.discreet ?? false,
  };
}
