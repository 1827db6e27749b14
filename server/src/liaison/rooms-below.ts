import type { FreeText } from '@bronze-drum/protocol/languages';
import type {
  AnswerFacts,
  RequestDetails,
  RequestKind,
  RequestPriority,
  RequestPurpose,
  RequestRefusal,
  RequestState,
} from '@bronze-drum/protocol/requests';
import type { Author } from '@bronze-drum/protocol/statements/envelope';
import type { Offence } from '@bronze-drum/protocol/statements/listing';
import type { RequestBody, RequestDeed, RequestDeedBody } from '@bronze-drum/protocol/statements/request';
import type { Tx } from '../platform/db.ts';

/** A request that a room sends under an agreement that stands. */
export interface StandingRequest<K extends RequestKind = RequestKind> {
  /** Derived by the room, so that the same cause sends one request. */
  readonly id: string;
  readonly kind: K;
  readonly to: string;
  readonly priority: RequestPriority;
  readonly offence: Offence;
  readonly purpose: RequestPurpose;
  readonly necessity: FreeText;
  readonly details: RequestDetails<K>;
}

/** A request as it stands, on either side. */
export interface KnownRequest {
  /** The asking and the asked member. */
  readonly from: string;
  readonly to: string;
  readonly book: string;
  readonly state: RequestState;
  readonly body: RequestBody;
}

export interface NewDeed {
  readonly deed: RequestDeed;
  readonly refusal?: RequestRefusal;
  readonly facts?: AnswerFacts;
  readonly text?: FreeText;
}

/** Requests between members, and their clocks. */
export interface Liaison {
  /**
   * Sends a request by standing rule, in the room's transaction. `waits`: the law here asks an officer to let it out first, and
   * they are alerted; `none`: no agreement that stands covers it. The same id again with other details is its next revision.
   */
  sendByRule(tx: Tx, request: StandingRequest): Promise<'sent' | 'waits' | 'unchanged' | 'none'>;
  /** Says what was done about a request, by a room's own rule: the asked side's deeds, or `withdrawn` of one's own. */
  doByRule(tx: Tx, rule: string, id: string, deed: NewDeed): Promise<void>;
  /** Hears each new request or revision of a kind that the policy here accepts as it is, on the asked side. */
  onRequest(kind: RequestKind, hear: (tx: Tx, request: KnownRequest) => Promise<void>): void;
  /** Hears what the asked member did about one's own request of a kind. */
  onDeed(
    kind: RequestKind,
    hear: (tx: Tx, request: KnownRequest, deed: RequestDeedBody, by: Author) => Promise<void>,
  ): void;
  /** A request that is known here, by its id. */
  find(tx: Tx, id: string): Promise<KnownRequest | undefined>;
}
