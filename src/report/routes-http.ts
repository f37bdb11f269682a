import type { RouteInfo } from '../session/api.ts';
import type { PlaceFinder } from './input.ts';
import { authWord } from './routes.ts';
import { printable } from './words.ts';

const ANY_METHOD = new Set(['ALL', 'ANY', '*']);
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']);
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** Requests to try by hand, as editors with an HTTP client read them; parameters are variables. */
export function renderRoutesHttp(routes: readonly RouteInfo[], placeOf: PlaceFinder): string {
  const blocks = routes.filter(isRequest).map(route => {
    const method = methodOf(route);
    const notes = [`auth ${authWord(route)}`, ...(route.partial === undefined ? [] : [`incomplete: ${route.partial}`])];
    return [
      `### ${route.method} ${route.path}`,
      `# ${notes.join(', ')}, ${route.span.file}:${placeOf(route.span).line}`,
      `${method} {{baseUrl}}${variables(route.path)}`,
      ...(route.verdicts.auth === 'no' ? [] : ['Authorization: Bearer {{token}}']),
      ...(WITH_BODY.has(method) && route.input.body ? ['Content-Type: application/json', '', '{}'] : []),
      '',
    ].map(line => `${printable(line)}\n`);
  });
  return ['@baseUrl = http://localhost:3000\n@token = \n\n', ...blocks.map(lines => `${lines.join('')}\n`)].join('');
}

function isRequest({ method, path }: RouteInfo): boolean {
  return (METHODS.has(method) || ANY_METHOD.has(method)) && path.startsWith('/');
}

function methodOf({ method }: RouteInfo): string {
  return ANY_METHOD.has(method) ? 'GET' : method;
}

/** `/orders/:id` as `/orders/{{id}}`. */
function variables(path: string): string {
  return path
    .replace(/:(\w+)(?:\([^)]*\)|\{[^}]*\})?[?*+]?/g, '{{$1}}')
    .replace(/\*(\w*)/g, (_, name: string) => `{{${name || 'rest'}}}`);
}
