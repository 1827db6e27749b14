import { useQuery } from '@tanstack/react-query';
import type { Refusal } from '@bronze-drum/protocol/refusals';

/** How one typed identifier is read: as a key, or what else it may be, or why not at all. */
export interface ReadIdentifier {
  readonly key?: string;
  readonly others: readonly string[];
  readonly refusal?: Refusal;
}

type IdentifierReader = (text: string, field: string) => ReadIdentifier;

/** What a field holds is never anything else. */
const typeOfField: Readonly<Record<string, 'phone' | 'account'>> = { numbers: 'phone', account: 'account' };

/** The protocol’s own parsers, loaded when they are first needed; national spellings are those of `countries`, the first first. */
export async function openIdentifierReader(countries: readonly string[]): Promise<IdentifierReader> {
  const [{ guess, parse }, { isRefusal }] = await Promise.all([
    import('@bronze-drum/protocol/identifiers/identifiers'),
    import('@bronze-drum/protocol/refusals'),
  ]);
  return (text, field) => {
    const type = typeOfField[field];
    const hints = type === undefined ? {} : { type };
    const found = parse(text, hints);
    if (!isRefusal(found)) return { key: found, others: [] };
    const others = countries.flatMap((country) => guess(text, { ...hints, country: country.toUpperCase() }));
    return { others: [...new Set(others)].slice(0, 6), refusal: found };
  };
}

export function useIdentifierReader(countries: readonly string[], isNeeded: boolean): IdentifierReader | undefined {
  const { data } = useQuery({
    queryKey: ['identifier-reader', ...countries],
    enabled: isNeeded,
    staleTime: Infinity,
    queryFn: async () => ({ read: await openIdentifierReader(countries) }),
  });
  return data?.read;
}
