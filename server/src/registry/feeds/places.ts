/** Follows where in a JSON document one is, as far as it matters for finding elements. */
export interface Places {
  readonly depth: number;
  /** Whether a list that may hold elements has been seen. */
  readonly found: boolean;
  /** The path of the value that comes next, if that is an element. */
  readonly element: () => string | undefined;
  readonly enter: (array: boolean) => void;
  readonly leave: () => void;
  readonly key: (text: string) => void;
}

interface Container {
  readonly array: boolean;
  /** undefined where no element can lie below. */
  readonly path: string | undefined;
}

/** Paths are keys joined by dots, with `[]` for the step into a list: `response[].Event.Attribute[]`. */
export function openPlaces(elements: ReadonlySet<string>): Places {
  const parents = parentsOf(elements);
  const open: Container[] = [];
  let key = '';
  let found = false;

  function pathOfNext(): string | undefined {
    const parent = open.at(-1);
    if (parent === undefined) return '';
    if (parent.path === undefined) return undefined;
    if (parent.array) return `${parent.path}[]`;
    return parent.path === '' ? key : `${parent.path}.${key}`;
  }

  return {
    get depth() {
      return open.length;
    },
    get found() {
      return found;
    },
    element() {
      const path = pathOfNext();
      return path !== undefined && elements.has(path) ? path : undefined;
    },
    enter(array) {
      const path = pathOfNext();
      const known = path !== undefined && parents.has(path);
      if (known && array && elements.has(`${path}[]`)) found = true;
      open.push({ array, path: known ? path : undefined });
    },
    leave() {
      open.pop();
    },
    key(text) {
      key = text;
    },
  };
}

/** All containers on the way to an element: `a[].b[]` lies in '', `a`, `a[]` and `a[].b`. */
function parentsOf(elements: ReadonlySet<string>): ReadonlySet<string> {
  const parents = new Set(['']);
  for (const path of elements) {
    for (const { 0: step, index } of path.matchAll(/\[\]|\./g)) {
      parents.add(path.slice(0, index));
      if (step === '[]' && index + 2 < path.length) parents.add(path.slice(0, index + 2));
    }
  }
  return parents;
}
