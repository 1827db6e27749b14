import { Type, type Static } from 'typebox';

/** The languages in which every coded fact can be said: BCP 47 (ISO 639-1). English is the bridge between the six. */
export const languages = ['en', 'zh', 'km', 'lo', 'my', 'th', 'vi'] as const;
export type Language = (typeof languages)[number];

/** What somebody wrote in their own words: it is never translated here, and says which language it is in. */
export const FreeText = Type.Object(
  { language: Type.Enum([...languages]), text: Type.String({ minLength: 1, maxLength: 4000 }) },
  { additionalProperties: false },
);
export type FreeText = Static<typeof FreeText>;
