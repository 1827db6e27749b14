import type { TestMember } from './test-alliance.ts';

/** A theft at one server, and one of each thing that follows from it; ids by the paths under which they are found. */
export interface OneOfEach {
  readonly ids: Readonly<Record<'/v1/traces' | '/v1/holds' | '/v1/orders' | '/v1/exhibits' | '/v1/requests', string>>;
  readonly supervisor: Readonly<Record<string, string>>;
  /** Whose order it is. */
  readonly bank: Readonly<Record<string, string>>;
}

/** An id of its own for each bank: several may be opened in one alliance. */
export async function openBank(
  { must }: Pick<TestMember, 'must'>,
  id: string,
  serves: string,
): Promise<Record<string, string>> {
  const quota = { perSecond: 10_000, burst: 100_000 };
  await must('POST', '/v1/institutions', { id, name: id, kind: 'bank', serves: [serves], quota });
  const { key } = await must('POST', `/v1/institutions/${id}/keys`, {});
  return { authorization: `Bearer ${key}` };
}

/** Takes in an exhibit with this content, as an officer of the supervisor's session. */
export async function takeExhibit(
  { address }: Pick<TestMember, 'address'>,
  headers: Readonly<Record<string, string>>,
  content: string,
): Promise<{ readonly id: string; readonly sha256: string }> {
  const collectedAt = encodeURIComponent('2026-01-01T00:00:00.000Z');
  const said = `title=A+statement&collectedAt=${collectedAt}&collectedFrom=the+counter&means=copy`;
  const response = await fetch(`${address}/v1/exhibits?${said}`, {
    method: 'POST',
    headers: { 'drum-purpose': 'investigation', 'content-type': 'text/plain', ...headers },
    body: content,
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as { id: string; sha256: string };
}

/** A request for information to another member, as an officer drafts it. */
export const question = (to: string, text: string, exhibits: readonly string[] = []) => ({
  kind: 'information',
  to: { member: to },
  priority: 'P3',
  offence: 'telecom-online-fraud',
  purpose: 'investigation',
  necessity: { language: 'en', text: 'It is needed to go on.' },
  exhibits,
  details: { question: { language: 'en', text } },
});

/** Opens one of each at a member that has `other` for a neighbour. */
export async function openOneOfEach(member: TestMember, other: string): Promise<OneOfEach> {
  const { must } = member;
  const payer = await openBank(member, 'payer', 'account:TH:901:');
  const bank = await openBank(member, 'keeper', 'account:TH:902:');
  const supervisor = await member.as('supervisor');
  const payment = {
    from: 'account:TH:901:1111111111',
    to: 'account:TH:902:2222222222',
    amount: { value: '48000000', currency: 'THB' },
    at: new Date(Date.now() - 60_000).toISOString(),
    reference: 'theft-1',
  };
  const report = { typology: 'impersonation-official', debitConfirmed: true, payments: [payment] };
  const { traces } = await must('POST', '/v1/reports', report, payer);
  const { holds } = await must('GET', `/v1/holds?trace=${traces[0]}`);
  const exhibit = await takeExhibit(member, supervisor, 'what the victim said');
  const request = await must('POST', '/v1/requests', question(other, 'Who was it?'), supervisor);
  const ids = {
    '/v1/traces': traces[0],
    '/v1/holds': holds[0].id,
    '/v1/orders': holds[0].order,
    '/v1/exhibits': exhibit.id,
    '/v1/requests': request.id,
  };
  return { ids, supervisor, bank };
}
