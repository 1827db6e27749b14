import type { Charter, Cosigned, DirectoryView, Imported, Proposal, Proposed, Card } from '../../directory/contract.ts';
import { connect, type Connection } from '../connection.ts';
import { cosigner, type Demo } from './demo.ts';
import { signIn, signOut } from './demo-people.ts';
import type { Seat } from './plan.ts';

/** A member at the ceremony, who speaks to its own server alone. */
interface Guest {
  readonly seat: Seat;
  /** The operator of its server, who proposes and carries charters. */
  readonly operator: Connection;
}

export interface CeremonyParts {
  readonly data: string;
  readonly demo: Demo;
  /** Whether a founding was begun before, by whomever. */
  readonly isFounded: boolean;
  /** Called once the founding is proposed, before anybody signs it. */
  readonly onFounding: () => Promise<void>;
}

export interface Outcome {
  readonly admitted: readonly string[];
  /** What is left to do, in sentences; nothing when the ceremony is complete. */
  readonly open: readonly string[];
}

/**
 * The members found their alliance, and admit whoever came later, through their servers' own API. What is done stays done,
 * and what was interrupted is taken up where it stopped.
 */
export async function holdCeremony(seats: readonly Seat[], parts: CeremonyParts): Promise<Outcome> {
  const guests: Guest[] = [];
  for (const seat of seats) guests.push({ seat, operator: await connect({ data: parts.data, member: seat.member }) });
  if ((await viewsOf(guests)).every(({ founding }) => founding === null)) {
    const why = parts.isFounded
      ? 'none of the founders runs'
      : guests.length < 2
        ? 'one member alone is no alliance'
        : '';
    if (why !== '') return { admitted: [], open: [`The ceremony waits: ${why}. Start more members with --members`] };
    await proposeFounding(guests);
    await parts.onFounding();
  }
  const waiting = await complete(guests, parts.demo);
  if (waiting !== undefined) return { admitted: [], open: [waiting] };
  const open: string[] = [];
  for (const guest of guests) {
    const without = await admit(guest, guests, parts.demo);
    if (without !== undefined) open.push(without);
  }
  await correctAddresses(guests);
  const last = await viewsOf(guests);
  const everywhere = seats.filter(({ member }) => last.every((view) => isParty(view, member)));
  return { admitted: everywhere.map(({ member }) => member), open };
}

const viewOf = ({ operator }: Guest): Promise<DirectoryView> => operator.call('GET', '/v1/directory');
const viewsOf = (guests: readonly Guest[]): Promise<DirectoryView[]> => Promise.all(guests.map(viewOf));
const isParty = (view: DirectoryView, member: string): boolean => view.parties.some(({ party }) => party === member);

async function proposeFounding(guests: readonly Guest[]): Promise<void> {
  const parties = await Promise.all(guests.map(({ operator }) => operator.call<Card>('GET', '/v1/directory/card')));
  const proposal: Proposal = { kind: 'founding', parties };
  await guests[0]!.operator.call<Proposed>('POST', '/v1/directory/proposals', proposal);
}

/** Brings a founding under way to its end; says what it waits for if it cannot. */
async function complete(guests: readonly Guest[], demo: Demo): Promise<string | undefined> {
  const views = await viewsOf(guests);
  if (views.some(({ parties }) => parties.length > 0)) return undefined;
  const founding = views.flatMap(({ proposals }) => proposals).find(({ body }) => body.kind === 'founding');
  if (founding === undefined || founding.body.kind !== 'founding') return 'No server knows the founding that was begun';
  const founders = founding.body.parties.map(({ party }) => party);
  const present = guests.filter(({ seat }) => founders.includes(seat.member));
  await signAll(present, founding.id, demo);
  const [after] = await viewsOf(present);
  const missing = after?.proposals.find(({ id }) => id === founding.id)?.missing ?? [];
  return missing.length === 0 ? undefined : `The founding waits for ${missing.join(', ')}: start them too`;
}

/** Admits a member that is not in the directory yet; says what that waits for if it cannot be done now. */
async function admit(newcomer: Guest, guests: readonly Guest[], demo: Demo): Promise<string | undefined> {
  const { member } = newcomer.seat;
  const views = await viewsOf(guests);
  const known = views.findIndex((view) => isParty(view, member));
  if (known !== -1) {
    if (!views.every((view) => isParty(view, member))) await share(guests);
    return undefined;
  }
  const host = guests[views.findIndex((view) => isParty(view, view.self))];
  if (host === undefined) return `${member} waits: no member of the alliance runs that could propose it`;
  const id = (await admissionUnderWay(host, member)) ?? (await proposeAdmission(host, newcomer));
  await signAll(guests, id, demo);
  const missing = (await viewOf(host)).proposals.find((proposal) => proposal.id === id)?.missing ?? [];
  return missing.length === 0 ? undefined : `${member} waits for the consent of ${missing.join(', ')}: start them too`;
}

async function admissionUnderWay(host: Guest, member: string): Promise<string | undefined> {
  const { proposals } = await viewOf(host);
  const found = proposals.find(({ body, outdated }) => {
    return !outdated && body.kind === 'admission' && body.party.party === member;
  });
  return found?.id;
}

async function proposeAdmission(host: Guest, newcomer: Guest): Promise<string> {
  const party = await newcomer.operator.call<Card>('GET', '/v1/directory/card');
  const proposal: Proposal = { kind: 'admission', party };
  return (await host.operator.call<Proposed>('POST', '/v1/directory/proposals', proposal)).id;
}

/** Takes a proposal to everybody, has each sign whom it asks, and takes the signatures to everybody. */
async function signAll(guests: readonly Guest[], id: string, demo: Demo): Promise<void> {
  await share(guests);
  await Promise.all(guests.map((guest) => cosign(guest, id, demo)));
  await share(guests);
}

/** A member's supervisor signs at its own server, if the proposal asks this member and it has not signed. */
async function cosign(guest: Guest, id: string, demo: Demo): Promise<void> {
  const { member, address } = guest.seat;
  const proposal = (await viewOf(guest)).proposals.find((each) => each.id === id);
  if (proposal?.missing.includes(member) !== true) return;
  const supervisor = demo.of(member).officers.find(({ officer }) => officer === cosigner)!;
  const session = await signIn(address, supervisor);
  try {
    await session.call<Cosigned>('POST', `/v1/directory/proposals/${id}/cosign`);
  } finally {
    await signOut(session);
  }
}

/** Brings all charters together and hands them to everybody. Digests would not do: they leave out what nobody signed yet. */
async function share(guests: readonly Guest[]): Promise<void> {
  const charters = await Promise.all(
    guests.map(({ operator }) => operator.call<Charter>('GET', '/v1/directory/charter')),
  );
  const charter: Charter = { records: joined(charters.flatMap(({ records }) => records)) };
  await Promise.all(guests.map(({ operator }) => operator.call<Imported>('POST', '/v1/directory/charter', charter)));
}

/** Each record once, with all of its signatures. */
function joined(records: Charter['records']): Charter['records'] {
  const byBytes = Map.groupBy(records, ({ bytes }) => bytes);
  return [...byBytes].map(([bytes, same]) => {
    const byKey = new Map(same.flatMap(({ signatures }) => signatures).map((signature) => [signature.key, signature]));
    return { bytes, signatures: [...byKey.values()] };
  });
}

/** A server that answers elsewhere than the directory says tells the others. */
async function correctAddresses(guests: readonly Guest[]): Promise<void> {
  const views = await viewsOf(guests);
  const isMoved = ({ seat }: Guest, place: number): boolean =>
    views[place]!.parties.some(({ party, address }) => party === seat.member && address !== seat.address);
  const moved = guests.filter(isMoved);
  for (const { operator } of moved) await operator.call('POST', '/v1/directory/address', {});
  if (moved.length > 0) await share(guests);
}
