import type { Batches } from './batches.ts';
import { itemOfClaim } from './claim.ts';
import { openDocument } from './document.ts';
import type { FeedReader } from './entry.ts';
import { contextOf, isOfVictim, mispFound } from './misp-types.ts';
import { isObject, textAt } from './value.ts';
import type { JsonObject, JsonValue } from './value.ts';

const events = ['', '[].', 'Event.', '[].Event.', 'response.', 'response[].', 'response.Event.', 'response[].Event.'];
const elements = new Set(events.flatMap((event) => [`${event}Attribute[]`, `${event}Object[]`]));

/**
 * Events as MISP exports them, one or several, or the attributes of a search. Only attributes marked `to_ids` are
 * claims, because the others are context, and context is where victims' own numbers and shared hosting stand;
 * `includeAll` takes those too, for communities that leave the mark off (MISP's templates do for telephone numbers).
 */
export function openMisp(out: Batches, includeAll = false): FeedReader {
  let ordinal = 0;

  function readAttribute(attribute: JsonValue | undefined, object?: JsonObject): void {
    ordinal++;
    if (!isObject(attribute)) out.skip(ordinal, 'type');
    else if (attribute['deleted'] === true || object?.['deleted'] === true) out.skip(ordinal, 'deleted');
    else if (object !== undefined && isOfVictim(object)) out.skip(ordinal, 'victim');
    else {
      const found = mispFound(attribute, object);
      if (found.length === 0) out.skip(ordinal, 'type');
      else if (attribute['to_ids'] === false && !includeAll) out.skip(ordinal, 'to-ids');
      else {
        const hints = object && contextOf(object);
        const grounds = textAt(attribute, 'comment') ?? (object && textAt(object, 'comment'));
        const since = textAt(attribute, 'first_seen');
        for (const one of found) out.add(itemOfClaim(ordinal, { ...one, hints, grounds, since }));
      }
    }
  }

  const document = openDocument({
    elements,
    onStray: () => out.skip(++ordinal, 'type'),
    onBroken: (refused) => out.add({ line: ordinal + 1, refused }),
    onElement(value, path) {
      if (value === undefined) out.add({ line: ++ordinal, refused: 'feed.object-too-large' });
      else if (!path.endsWith('Object[]')) readAttribute(value);
      else {
        const attributes = value['Attribute'];
        if (Array.isArray(attributes)) for (const attribute of attributes) readAttribute(attribute, value);
      }
    },
  });
  return {
    push: document.push,
    end: document.end,
    get line() {
      return ordinal;
    },
  };
}
