/** A server that takes part in the founding, with a supervisor who can sign in. */
export interface Founder {
  readonly member: string;
  /** Throws unless the call succeeds. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<any>;
}

const password = 'correct horse battery staple';

const staff = {
  supervisor: ['supervisor', 'analyst'],
  second: ['supervisor', 'analyst'],
  auditor: ['auditor'],
} as const;
export type Staff = keyof typeof staff;

/** Officers of a new server, by its operator's key. */
export async function enrol(founder: Founder, who: readonly Staff[]): Promise<void> {
  for (const officer of who) {
    const body = { id: officer, office: 'national-centre', name: officer, roles: staff[officer] };
    const { code } = await founder.call('POST', '/v1/officers', body);
    await founder.call('POST', '/v1/sessions/one-time', { code, password });
  }
}

/** Signs in anew and proves it again, as acts of weight ask for. */
export async function signIn(founder: Founder, officer: Staff): Promise<Record<string, string>> {
  const { token } = await founder.call('POST', '/v1/sessions', { officer, password });
  const headers = { authorization: `Bearer ${token}` };
  await founder.call('POST', '/v1/sessions/step-up', { password }, headers);
  return headers;
}

/** Carries all records from one server to another, as officers do with a file. */
const hand = async (from: Founder, to: Founder): Promise<void> =>
  to.call('POST', '/v1/directory/charter', await from.call('GET', '/v1/directory/charter'));

/** Each founder signs the same founding record at its own server; then all of them hold all signatures. */
export async function found(founders: readonly Founder[]): Promise<void> {
  const [first, ...others] = founders as [Founder, ...Founder[]];
  const parties = await Promise.all(founders.map((founder) => founder.call('GET', '/v1/directory/card')));
  const { id } = await first.call('POST', '/v1/directory/proposals', { kind: 'founding', parties });
  for (const founder of founders) {
    if (founder !== first) await hand(first, founder);
    await founder.call('POST', `/v1/directory/proposals/${id}/cosign`, {}, await signIn(founder, 'supervisor'));
    if (founder !== first) await hand(founder, first);
  }
  for (const founder of others) await hand(first, founder);
}

/** Every member signs the admission at its own server, and the candidate last; then all of them hold all signatures. */
export async function admit(candidate: Founder, members: readonly Founder[]): Promise<void> {
  const [first, ...others] = members as [Founder, ...Founder[]];
  const party = await candidate.call('GET', '/v1/directory/card');
  const { id } = await first.call('POST', '/v1/directory/proposals', { kind: 'admission', party });
  for (const signer of [...members, candidate]) {
    if (signer !== first) await hand(first, signer);
    await signer.call('POST', `/v1/directory/proposals/${id}/cosign`, {}, await signIn(signer, 'supervisor'));
    if (signer !== first) await hand(signer, first);
  }
  for (const member of others) await hand(first, member);
}
