/** A page of this desk, whatever stands in a link; its first page for anything else: nobody is led elsewhere. */
export function ownPath(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to)) return '/';
  const here = 'http://desk.invalid';
  const url = URL.parse(to, here);
  return url === null || url.origin !== here || /^\/enter(?:\/|$)/.test(url.pathname) ? '/' : url.pathname + url.search;
}
