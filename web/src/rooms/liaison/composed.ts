import type { FreeText } from '@bronze-drum/protocol/languages';
import { requestForms, type RequestKind } from '@bronze-drum/protocol/requests';
import { valuesOf, type Fault, type Faults, type KeyOf, type TypedForm } from './typed-form.ts';

export type Mode = 'new' | 'draft' | 'revise';

/** A request as it is being written. Details are kept by kind, so that nothing is lost by looking at another. */
export interface Composed {
  readonly kind: RequestKind;
  readonly to: string;
  readonly desk: string;
  readonly officer: string;
  readonly priority: string;
  readonly offence: string;
  readonly purpose: string;
  /** Empty: that of the policy. */
  readonly legalBasis: string;
  readonly necessity: FreeText;
  readonly tlp: string;
  readonly conditions: readonly string[];
  readonly restriction: string;
  readonly details: Readonly<Partial<Record<RequestKind, TypedForm>>>;
  readonly exhibits: readonly string[];
  readonly links: readonly { readonly kind: 'alert' | 'trace' | 'case'; readonly id: string }[];
}

export const noWords = (language: FreeText['language']): FreeText => ({ language, text: '' });

export interface Read {
  /** Of `POST` and `PUT` of a draft, or of a revision. */
  readonly body: object;
  /** By field of the form. */
  readonly faults: Faults;
  /** By field of the head. */
  readonly headFaults: Faults;
}

/** What is sent of it, or what is missing. */
export function readComposed(composed: Composed, mode: Mode, keyOf: KeyOf): Read {
  const { kind, to, desk, officer, priority, offence, purpose, legalBasis, necessity, exhibits, links } = composed;
  const { values, faults } = valuesOf(requestForms[kind], composed.details[kind] ?? {}, keyOf);
  const headFaults: Record<string, Fault> = {};
  if (to === '') headFaults['to'] = 'missing';
  if (necessity.text.trim() === '') headFaults['necessity'] = 'missing';
  if (composed.conditions.includes('H3') && composed.restriction.trim() === '') headFaults['restriction'] = 'missing';
  const basis = legalBasis.trim();
  const shared = {
    priority,
    ...(basis !== '' && { legalBasis: basis }),
    necessity: { language: necessity.language, text: necessity.text.trim() },
    details: values,
    exhibits,
  };
  if (mode === 'revise') return { body: shared, faults, headFaults };
  const body = {
    ...shared,
    kind,
    to: {
      member: to,
      ...(desk.trim() !== '' && { desk: desk.trim() }),
      ...(officer.trim() !== '' && { officer: officer.trim() }),
    },
    offence,
    purpose,
    handling: {
      tlp: composed.tlp,
      conditions: composed.conditions,
      ...(composed.restriction.trim() !== '' && { restriction: composed.restriction.trim() }),
    },
    links,
  };
  return { body, faults, headFaults };
}
