/** The purposes for which personal data may be read; recorded with every such read. */
export const purposes = ['investigation', 'alert', 'request', 'appeal', 'audit', 'operation'] as const;
export type Purpose = (typeof purposes)[number];

/** A person of an office. */
export interface OfficerActor {
  readonly kind: 'officer';
  readonly officer: string;
  readonly office: string;
  /** What the officer is, for what is routed by role; what they may do, their permissions say. */
  readonly roles: readonly string[];
  readonly permissions: ReadonlySet<string>;
  /** When the officer last proved again who they are (password typed anew), or null. */
  readonly steppedUpAtMs: number | null;
  /** Why this officer reads personal data in this call; null if the call did not say. */
  readonly purpose: Purpose | null;
}

/** A bank, wallet, crypto provider, operator or platform, by one of its keys. */
export interface InstitutionActor {
  readonly kind: 'institution';
  readonly institution: string;
  readonly permissions: ReadonlySet<string>;
}

/** Another member, the secretariat or an observer, by its server's signed call. */
export interface PartyActor {
  readonly kind: 'party';
  readonly party: string;
}

/** The server itself, acting by a standing rule or a clock. */
export interface RuleActor {
  readonly kind: 'rule';
  readonly rule: string;
}

/** All who act. Every verb takes one first, so that authorisation cannot be forgotten. */
export type Actor = OfficerActor | InstitutionActor | PartyActor | RuleActor;

/** The actor's one string, for records of who did what. */
export function actorId(actor: Actor): string {
  if (actor.kind === 'officer') return `officer:${actor.officer}`;
  if (actor.kind === 'institution') return `institution:${actor.institution}`;
  if (actor.kind === 'party') return `party:${actor.party}`;
  return `rule:${actor.rule}`;
}
