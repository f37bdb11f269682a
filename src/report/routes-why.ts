import { type Aspect, answers, type RouteInfo, type RouteStep, type Verdict } from '../session/api.ts';
import type { PlaceFinder } from './input.ts';
import { printable } from './words.ts';

const LEVELS: Readonly<Record<RouteStep['level'], string>> = {
  app: 'application',
  router: 'router',
  decorator: 'decorator',
  route: 'route',
  wrapper: 'wrapper',
  handler: 'handler',
};

const QUESTIONS: readonly (readonly [Aspect, string])[] = [
  ['auth', 'Authentication'],
  ['authorization', 'Authorization'],
  ['validation', 'Validation'],
  ['rateLimit', 'Rate limit'],
];

const VERDICTS: Readonly<Record<Verdict, string>> = { yes: 'yes', no: 'no', unknown: 'cannot tell' };

/** The verdicts of one route, then every place that was looked at, in the order a request passes. */
export function renderWhy(route: RouteInfo, placeOf: PlaceFinder): string {
  const at = (span: RouteInfo['span']): string => {
    const { line, column } = placeOf(span);
    return `${span.file}:${line}:${column}`;
  };
  const lines = [`${route.method} ${route.path}  ${at(route.span)}`];
  if (route.partial !== undefined) lines.push(`  incomplete: ${route.partial}`);
  if (route.isPublic !== undefined) lines.push(`  open on purpose: ${route.isPublic}`);
  lines.push('');
  for (const [aspect, title] of QUESTIONS) {
    const names = aspect === 'authorization' && route.roles.length > 0 ? ` (${route.roles.join(', ')})` : '';
    lines.push(`${`${title}:`.padEnd(16)}${VERDICTS[route.verdicts[aspect]]}${names}`);
  }
  const input = Object.entries(route.input).map(([part, verdict]) => `${part} ${VERDICTS[verdict]}`);
  if (input.length > 0) lines.push(`${'Input checked:'.padEnd(16)}${input.join(', ')}`);
  lines.push('', route.steps.length > 0 ? 'Looked at, in order:' : 'Nothing stands before the handler.');
  for (const [position, step] of route.steps.entries()) {
    lines.push(`${String(position + 1).padStart(3)}. ${LEVELS[step.level]}: ${step.via}  ${at(step.span)}`);
    lines.push(`     ${step.why}${marks(step)}`);
    for (const { message, span } of step.evidence) lines.push(`       - ${message}  ${at(span)}`);
  }
  lines.push(route.handler ? `     handler  ${at(route.handler)}` : '     the handler could not be resolved');
  for (const [title, uses] of [
    ['Queries', route.queries],
    ['External calls', route.calls],
  ] as const) {
    if (uses.length > 0) lines.push('', `${title}:`, ...uses.map(({ what, span }) => `  - ${what}  ${at(span)}`));
  }
  return lines.map(line => `${printable(line)}\n`).join('');
}

function marks({ roles }: RouteStep): string {
  const found = QUESTIONS.filter(([aspect]) => answers(aspect, roles));
  if (roles.includes('unknown')) return '  [cannot tell]';
  return found.length > 0 ? `  [${found.map(([, title]) => title.toLowerCase()).join(', ')}]` : '';
}
