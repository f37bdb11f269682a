import type { RouteView } from '../../lsp/protocol.ts';

const ANY_METHOD = new Set(['ALL', 'ANY', '*']);

/** A request to the route for a POSIX shell; parameters of the path stay as written, to be filled in. */
export function toCurl({
  method,
  path,
  verdicts,
  input,
}: Pick<RouteView, 'method' | 'path' | 'verdicts' | 'input'>): string {
  const parts = ['curl'];
  if (!ANY_METHOD.has(method) && method !== 'GET') parts.push('-X', quoted(method));
  parts.push(quoted(`http://localhost:3000${path}`));
  // In double quotes the shell fills in the token.
  if (verdicts.auth !== 'no') parts.push('-H', '"Authorization: Bearer $TOKEN"');
  if (input.body !== undefined) parts.push('-H', quoted('Content-Type: application/json'), '-d', quoted('{}'));
  return parts.join(' ');
}

/** Names from the scanned code end up on a command line. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
