/**
 * Where to go after signing in: only an address of this desk, never one that a link could smuggle in. A browser leaves
 * tabs and new lines out of an address, so that a slash and another after a tab would be a host.
 */
export function returnAddress(next: string | string[] | undefined): string {
  const wanted = Array.isArray(next) ? next[0] : next;
  return wanted && /^\/(?![/\\])\S*$/.test(wanted) && !wanted.startsWith("/login") ? wanted : "/dashboard/";
}
