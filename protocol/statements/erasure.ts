import { Type, type Static } from 'typebox';

/** Kind `erasure`, version 1: that the body of an earlier statement in the same book was erased, and under which law. */
export const ErasureBody = Type.Object(
  {
    number: Type.Integer({ minimum: 0 }),
    basis: Type.String({ minLength: 1, maxLength: 500, description: 'The law or rule that demands the erasure' }),
  },
  { additionalProperties: false },
);
export type ErasureBody = Static<typeof ErasureBody>;
