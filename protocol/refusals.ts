/**
 * A refusal: the domain says no. Its code is stable and serves the API, the contracts and the seven languages alike;
 * its params are the facts a sentence about it needs. Never put a person's data into params.
 */
export interface Refusal {
  readonly refused: string;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
}

export function refusal(code: string, params?: Refusal['params']): Refusal {
  return params === undefined ? { refused: code } : { refused: code, params };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
