import type { AlertReason } from '@bronze-drum/protocol/alerts';
import { homeOf } from '@bronze-drum/protocol/identifiers/home';
import type { Key } from '@bronze-drum/protocol/identifiers/identifier';
import { bookFor, isMemberCode } from '@bronze-drum/protocol/members';
import type { AlertBody } from '@bronze-drum/protocol/statements/alert';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Directory } from '../directory/directory.ts';
import type { Draft, Journal } from '../journal/journal.ts';
import { minuteMs } from '../kernel/clock.ts';
import { needsExportApproval, type PolicyRules } from '../kernel/policy.ts';
import { reasonOf } from './presenting.ts';
import type { AlertRecord, Reason, Told } from './record.ts';
import { nextWord, priorityOf, reasonName, tellableReasons } from './rules.ts';

export interface TellingParts {
  readonly journal: Pick<Journal, 'member' | 'append' | 'isHeld'>;
  readonly directory: Pick<Directory, 'isMember'>;
}

export interface Telling {
  /** The member where the subject lives, if it is another one: of accounts and phone numbers only. */
  homeAbroad(subject: string): string | undefined;
  /** What is to be said of an alert now, and the alert as it stands once that is said. */
  decide(record: AlertRecord, rules: PolicyRules, nowMs: number): { record: AlertRecord; say?: Draft<AlertBody> };
  /** What an officer lets out. Undefined if there is nothing that the member at home does not know. */
  letOut(
    record: AlertRecord,
    rules: PolicyRules,
    nowMs: number,
    author: Author,
  ): { record: AlertRecord; say: Draft<AlertBody> } | undefined;
}

const standingRule: Author = { office: 'alerts', rule: 'tell-home' };
/** While the journal is compared with its readers nothing can be said. */
const heldAgainMs = minuteMs;

/**
 * Alerts for the member where an account or number lives, in the book of the two. Never persons, sites or links; never
 * what is discreet, what was told by somebody else, or which institution it was.
 */
export function openTelling({ journal, directory }: TellingParts): Telling {
  const homeAbroad = (subject: string): string | undefined => {
    // The secretariat and observers say nothing of this sort.
    if (!isMemberCode(journal.member)) return undefined;
    const home = homeOf(subject as Key);
    return home !== undefined && home !== journal.member && directory.isMember(home) ? home : undefined;
  };

  function said(
    record: AlertRecord,
    reasons: readonly Reason[],
    told: Told,
    home: string,
    author: Author,
  ): Draft<AlertBody> {
    return {
      book: bookFor(journal.member, [home]),
      kind: 'alert',
      version: 1,
      author,
      handling: { tlp: 'AMBER', conditions: [] },
      subject: record.subject,
      body: {
        id: record.id,
        revision: told.revision,
        key: record.subject,
        priority: priorityOf(told.rank),
        reasons: reasonsAbroad(reasons),
      },
    };
  }

  return {
    homeAbroad,
    decide(record, rules, nowMs) {
      const home = record.state === 'closed' ? undefined : homeAbroad(record.subject);
      const reasons = home === undefined ? [] : tellableReasons(record, rules.alerts);
      const word = nextWord(record.told, reasons, nowMs);
      if (home === undefined || word === null) return { record: { ...record, tellAtMs: null } };
      const book = bookFor(journal.member, [home]);
      if (needsExportApproval(rules, record.subject.slice(0, record.subject.indexOf(':')), book))
        return { record: { ...record, tellAtMs: null, waits: record.waits || 'now' in word } };
      if (!('now' in word)) return { record: { ...record, tellAtMs: word.atMs } };
      if (journal.isHeld()) return { record: { ...record, tellAtMs: nowMs + heldAgainMs } };
      return {
        record: { ...record, told: word.now, tellAtMs: null, waits: false },
        say: said(record, reasons, word.now, home, standingRule),
      };
    },
    letOut(record, rules, nowMs, author) {
      const home = homeAbroad(record.subject);
      const reasons = home === undefined ? [] : tellableReasons(record, rules.alerts);
      // An officer need not wait until the five minutes between two words are over.
      const before = record.told === null ? null : { ...record.told, atMs: -Infinity };
      const word = nextWord(before, reasons, nowMs);
      if (home === undefined || word === null || !('now' in word)) return undefined;
      return {
        record: { ...record, told: word.now, tellAtMs: null, waits: false },
        say: said(record, reasons, word.now, home, author),
      };
    },
  };
}

/** Reasons without what names an institution or a watch here; those that are the same without it are one. */
function reasonsAbroad(reasons: readonly Reason[]): AlertReason[] {
  const merged = new Map<string, Reason>();
  for (const reason of reasons) {
    const { institution: _institution, watch: _watch, ...params } = reason.params;
    const bare = { ...reason, params };
    const name = reasonName(bare);
    const known = merged.get(name);
    merged.set(
      name,
      known === undefined
        ? bare
        : {
            ...known,
            count: known.count + bare.count,
            firstAtMs: Math.min(known.firstAtMs, bare.firstAtMs),
            lastAtMs: Math.max(known.lastAtMs, bare.lastAtMs),
          },
    );
  }
  return [...merged.values()].map(reasonOf);
}
