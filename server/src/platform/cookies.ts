/** One cookie of this server, for browsers: no script reads it, and no other site's page sends it. */
export interface Cookie {
  /** Its value in a request's header `Cookie`; undefined if it is not there. Of several with its name, the first counts. */
  read(header: string | undefined): string | undefined;
  /** The header `Set-Cookie` that keeps a value until the browser ends. */
  keep(value: string): string;
  /** The header `Set-Cookie` that forgets it. */
  clear(): string;
}

/** The name is a token of RFC 6265, and so is each value that is kept. `isSecure`: sent over TLS only. */
export function openCookie(name: string, isSecure: boolean): Cookie {
  const flags = `; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  const begins = `${name}=`;
  return {
    read(header) {
      for (const part of header?.split(';') ?? []) {
        const pair = part.trim();
        if (pair.startsWith(begins)) return pair.slice(begins.length);
      }
      return undefined;
    },
    keep: (value) => `${begins}${value}${flags}`,
    clear: () => `${begins}; Max-Age=0${flags}`,
  };
}
