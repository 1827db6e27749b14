import { Type, type Static } from 'typebox';

/** Traffic Light Protocol 2.0 (FIRST, 2022): how far a statement may travel. */
export const tlpLabels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const;

/**
 * Europol handling codes. H0: crime prevention and detection only; H1: not as evidence in court without permission;
 * H2: no onward sharing without permission; H3: other restrictions, written out.
 */
export const handlingConditions = ['H0', 'H1', 'H2', 'H3'] as const;

export const Handling = Type.Object(
  {
    tlp: Type.Enum([...tlpLabels]),
    conditions: Type.Array(Type.Enum([...handlingConditions]), { uniqueItems: true, maxItems: 4 }),
    restriction: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'What H3 restricts, in words' }),
    ),
  },
  { additionalProperties: false },
);
export type Handling = Static<typeof Handling>;
