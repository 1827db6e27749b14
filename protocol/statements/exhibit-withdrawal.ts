import { Type, type Static } from 'typebox';

/**
 * Kind `exhibit-withdrawal`, version 1: the readers of this book are given an exhibit no longer. What they took before, they
 * keep or destroy by their own law, and give to nobody else.
 */
export const ExhibitWithdrawalBody = Type.Object(
  {
    exhibit: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    reason: Type.Enum(['withdrawn', 'destroyed'], { description: 'destroyed: its author has it no longer either' }),
  },
  { additionalProperties: false },
);
export type ExhibitWithdrawalBody = Static<typeof ExhibitWithdrawalBody>;
