import { INPUT_PARTS, type RouteInfo } from '../session/api.ts';
import type { PlaceFinder } from './input.ts';
import { authWord, partWord, roleWord } from './routes.ts';
import { printable } from './words.ts';

const HEADING = [
  ...['method', 'path', 'auth', 'roles', ...INPUT_PARTS, 'rate limit', 'queries', 'external calls'],
  ...['framework', 'service', 'partial', 'place'],
];

/** The contract sheet for spreadsheets (RFC 4180). */
export function renderRoutesCsv(routes: readonly RouteInfo[], placeOf: PlaceFinder): string {
  const rows = routes.map(route => [
    route.method,
    route.path,
    authWord(route),
    roleWord(route),
    ...INPUT_PARTS.map(part => partWord(route, part)),
    route.verdicts.rateLimit,
    route.queries.map(({ what }) => what).join('; '),
    route.calls.map(({ what }) => what).join('; '),
    route.framework,
    route.unit,
    route.partial ?? '',
    `${route.span.file}:${placeOf(route.span).line}`,
  ]);
  return [HEADING, ...rows].map(row => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  // What begins like a formula would be run by a spreadsheet; names from the scanned code are not trusted.
  const safe = /^[=+@]|^-./.test(text) ? `'${printable(text)}` : printable(text);
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
