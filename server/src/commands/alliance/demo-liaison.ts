import { isOfStory } from '@bronze-drum/simulator/story/casting';
import type { Conversation, Request, RequestPage } from '../../liaison/contract.ts';
import { unlessRefused } from './demo-funds.ts';
import { saidBy } from './demo-words.ts';
import type { Ask } from './officer-session.ts';

/** A member's liaison officer, who acknowledges in their own language, answers what is asked, and signs what must be signed. */
export interface LiaisonDesk {
  /** Asks a neighbour what it knows of an account, once. */
  ask(neighbour: string, key: string): Promise<void>;
  round(): Promise<void>;
}

const perRound = 5;
const seenMax = 2000;

export interface LiaisonDeskParts {
  readonly member: string;
  readonly liaison: Ask;
  readonly supervisor: Ask;
}

export function openLiaisonDesk({ member, liaison, supervisor }: LiaisonDeskParts): LiaisonDesk {
  /** Revisions that were dealt with, by what was done about them. */
  const seen = new Set<string>();
  const isNew = (what: string, { id, revision }: Request): boolean => {
    if (seen.size > seenMax) seen.clear();
    const name = `${what} ${id} ${revision}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  };
  const requests = async (query: string): Promise<Request[]> =>
    (await liaison<RequestPage>('GET', `/v1/requests?${query}&limit=50`)).requests;
  const conversation = (id: string): Promise<Conversation> => liaison('GET', `/v1/requests/${id}`);
  const say = (id: string, deed: object): Promise<void> =>
    unlessRefused(liaison('POST', `/v1/requests/${id}/deeds`, deed));

  async function acknowledge(): Promise<void> {
    const open = (await requests('direction=in')).filter(
      ({ acknowledgedAt, state }) => acknowledgedAt === null && !over.includes(state),
    );
    for (const request of open.filter((one) => isNew('acknowledged', one)).slice(0, perRound)) {
      if (isTold(await conversation(request.id))) continue;
      await say(request.id, { deed: 'acknowledged', text: saidBy(member, 'acknowledged') });
    }
  }

  /** What no room answers by itself. */
  async function answer(): Promise<void> {
    const asked = (await requests('direction=in&kind=information')).filter(
      ({ state }) => state === 'acknowledged' || state === 'in-work',
    );
    for (const request of asked.filter((one) => isNew('answered', one)).slice(0, perRound))
      await say(request.id, { deed: 'answered', facts: { done: ['informed'] }, text: saidBy(member, 'informed') });
  }

  async function sign(): Promise<void> {
    const refused = (await requests('direction=out&state=refused')).filter((one) => isNew('signed', one));
    for (const { id } of refused.slice(0, perRound)) {
      const asked = await conversation(id);
      if (isTold(asked)) continue;
      if (asked.deeds.findLast(({ deed }) => deed === 'refused')?.body.refusal !== 'missing-signature') continue;
      await unlessRefused(liaison('POST', `/v1/requests/${id}/revision`, {}));
    }
  }

  /** What may leave the country only by somebody's word. */
  async function letOut(): Promise<void> {
    const waiting = (await requests('direction=out'))
      .filter(({ waits }) => waits)
      .filter((one) => isNew('let out', one));
    for (const { id } of waiting.slice(0, perRound))
      await unlessRefused(supervisor('POST', `/v1/requests/${id}/approval`, {}));
  }

  return {
    async ask(neighbour, key) {
      const { requests: before } = await liaison<RequestPage>(
        'GET',
        '/v1/requests?direction=out&kind=information&limit=1',
      );
      if (before.length > 0) return;
      const question = saidBy(member, 'question');
      const { id } = await liaison<Request>('POST', '/v1/requests', {
        kind: 'information',
        to: { member: neighbour },
        priority: 'P2',
        offence: 'telecom-online-fraud',
        purpose: 'investigation',
        necessity: question,
        details: { subjects: [key], question },
      });
      await liaison('POST', `/v1/requests/${id}/send`, {});
    },
    async round() {
      await acknowledge();
      await answer();
      await sign();
      await letOut();
    },
  };
}

/** Whether the story's own officers deal with a request: it names an account of it. */
const isTold = ({ body }: Conversation): boolean =>
  (JSON.stringify(body ?? {}).match(/(?:account|phone):[\w:+]+/g) ?? []).some(isOfStory);

const over = ['refused', 'withdrawn', 'answered'];
