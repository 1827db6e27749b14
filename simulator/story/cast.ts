/** The identifiers of a story's parts, by the names that it uses in braces. */
export type Cast = Readonly<Record<string, string>>;

/** A text of the story with the identifiers of the cast in it. */
export function cast(text: string, parts: Cast): string {
  return text.replace(/\{([a-z-]+)\}/g, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`the story has no part named ${name}`);
    return part;
  });
}

/** A record or listing of the story with the identifiers of the cast in all its texts. */
export function castAll<T>(value: T, parts: Cast): T {
  if (typeof value === 'string') return cast(value, parts) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => castAll(item, parts)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, castAll(item, parts)])) as T;
}
