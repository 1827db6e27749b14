import { isUtf8 } from 'node:buffer';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { refuse } from '../kernel/refusals.ts';

/** An element with its children and, as `@_name`, its attributes; a string if it has neither. */
export type XmlNode = string | { readonly [name: string]: unknown };

const depthMax = 32;

const parser = new XMLParser({
  ignoreAttributes: false,
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  trimValues: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: depthMax,
  // What comes once by the schema stays one; what comes twice becomes a list, which nothing here reads.
  isArray: (name) => name === 'CdtTrfTxInf',
});

/** The text of a document in UTF-8 that has nothing but elements, attributes and text. */
export function xmlText(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) refuse('malformed.utf8');
  const text = new TextDecoder().decode(bytes);
  if (text.includes('\0')) refuse('malformed.nul');
  if (/<!\s*(?:DOCTYPE|ENTITY)/i.test(text)) refuse('malformed.xml-doctype');
  const declaration = /^\s*<\?xml\s[^<>]*\?>/.exec(text)?.[0] ?? '';
  if (/encoding\s*=\s*["'](?!utf-8["'])/i.test(declaration)) refuse('malformed.xml-encoding');
  // Comments and CDATA may hide what looks like an element, and no message needs them.
  if (text.includes('<!') || text.includes('<?', declaration.length)) refuse('malformed.xml-markup');
  return text.slice(declaration.length);
}

/** A well-formed piece by its elements; undefined if it is none, or is too deep. */
export function readXml(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    // oxlint-disable-next-line typescript/no-deprecated -- its successor is another package; this one is still maintained here
    if (XMLValidator.validate(text) !== true) return undefined;
    const read: unknown = parser.parse(text);
    return typeof read === 'object' && read !== null ? (read as { readonly [name: string]: unknown }) : undefined;
  } catch {
    // The parser's own limits throw.
    return undefined;
  }
}

/** The one element at a path below a node; undefined if there is none or several. */
export function nodeAt(node: XmlNode | undefined, ...path: readonly string[]): XmlNode | undefined {
  let at: unknown = node;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  if (typeof at === 'string') return at;
  return typeof at === 'object' && at !== null && !Array.isArray(at) ? (at as XmlNode) : undefined;
}

/** The text of the one element at a path; undefined if there is none, several, or only an empty one. */
export function textAt(node: XmlNode | undefined, ...path: readonly string[]): string | undefined {
  const at = nodeAt(node, ...path);
  const text = typeof at === 'object' ? nodeAt(at, '#text') : at;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
