import { orderText, type OfficeKey, type Order, type OrderTerms } from '@bronze-drum/protocol/orders';

export interface TestOffice {
  readonly key: OfficeKey;
  /** An order of this office, signed. */
  order(institution: string, subject: string, what: Partial<Order> & Pick<Order, 'kind'>): Promise<Order>;
}

const base64url = (bytes: ArrayBuffer): string =>
  new Uint8Array(bytes).toBase64({ alphabet: 'base64url', omitPadding: true });

/** An issuing office of a test, with a key of its own. */
export async function openTestOffice(): Promise<TestOffice> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const publicKey = base64url(await crypto.subtle.exportKey('raw', pair.publicKey));
  let orders = 0;
  return {
    key: { office: 'hotline', algorithm: 'Ed25519', publicKey },
    async order(institution, subject, what) {
      orders += 1;
      const terms: Omit<OrderTerms, 'signature'> = {
        id: `00000000-0000-4000-8000-${String(orders).padStart(12, '0')}`,
        revision: 1,
        institution,
        office: 'hotline',
        subject,
        legalBasis: 'the law',
        form: 'a notice',
        safeHarbour: 'the same law',
        callBack: '1441',
        issuedAt: '2026-11-20T03:00:00.000Z',
        answerBy: '2026-11-20T03:30:00.000Z',
        until: '2026-11-23T03:00:00.000Z',
        exhibits: [],
        ...what,
      };
      const text = new TextEncoder().encode(orderText(terms));
      return {
        ...terms,
        state: 'issued',
        signature: base64url(await crypto.subtle.sign('Ed25519', pair.privateKey, text)),
      };
    },
  };
}
