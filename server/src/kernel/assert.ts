/** A defect: we are wrong. It is loud, it is never shown to a user as a refusal, and it stops what was being done. */
export class Defect extends Error {
  override name = 'Defect';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Defect(message);
}

/** The value, which the caller knows to be there. */
export function must<T>(value: T | null | undefined, message: string): T {
  if (value === null || value === undefined) throw new Defect(message);
  return value;
}
