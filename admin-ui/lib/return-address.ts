/** Where to go after signing in: only an address of this desk, never one that a link could smuggle in. */
export function returnAddress(next: string | string[] | undefined): string {
  const wanted = Array.isArray(next) ? next[0] : next;
  return wanted && /^\/(?![/\\])/.test(wanted) && !wanted.startsWith("/login") ? wanted : "/dashboard";
}
