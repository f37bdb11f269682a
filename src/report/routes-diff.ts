import { INPUT_PARTS, isOpen, type RouteInfo, type Verdict } from '../session/api.ts';
import type { PlaceFinder } from './input.ts';
import { authWord, routeJson } from './routes.ts';
import { table } from './table.ts';
import { count } from './words.ts';

/** What a change did to one route, worst first. */
const KINDS = {
  opened: 'opened',
  'added-open': 'added without authentication',
  'dropped-authorization': 'dropped authorization on',
  'dropped-validation': 'dropped validation on',
  'dropped-rate-limit': 'dropped the rate limit on',
  'made-unclear': 'made unclear',
  added: 'added',
  removed: 'removed',
  protected: 'protected',
  'added-authorization': 'added authorization to',
  'added-validation': 'added validation to',
  'added-rate-limit': 'added a rate limit to',
} as const;
export type RouteChangeKind = keyof typeof KINDS;

export interface RouteChange {
  readonly kind: RouteChangeKind;
  readonly before: RouteInfo | undefined;
  readonly after: RouteInfo | undefined;
}

/** Compares the routes of two states of a workspace; a route is the same by method, path and service. */
export function diffRoutes(before: readonly RouteInfo[], after: readonly RouteInfo[]): RouteChange[] {
  const old = new Map(before.map(route => [route.id, route]));
  const now = new Set(after.map(route => route.id));
  const changes: RouteChange[] = [];
  for (const route of after) {
    const was = old.get(route.id);
    for (const kind of was ? kindsOf(was, route) : ([isOpen(route) ? 'added-open' : 'added'] as const))
      changes.push({ kind, before: was, after: route });
  }
  for (const route of before)
    if (!now.has(route.id)) changes.push({ kind: 'removed', before: route, after: undefined });
  const order = Object.keys(KINDS);
  return changes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** `Opened 1 route, dropped validation on 2 routes.` */
export function summary(changes: readonly RouteChange[]): string {
  const parts = Object.entries(KINDS).flatMap(([kind, words]) => {
    const number = changes.filter(change => change.kind === kind).length;
    if (number === 0) return [];
    if (kind === 'added-open') return [`added ${count(number, 'route')} without authentication`];
    return [`${words} ${count(number, 'route')}`];
  });
  const text = parts.join(', ');
  return text === '' ? 'No route changed.' : `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

/** `placeOf` is given for both states, because a removed route stands in the older text. */
export function renderDiff(
  changes: readonly RouteChange[],
  placeOf: { readonly before: PlaceFinder; readonly after: PlaceFinder },
): string {
  const rows = changes.map(({ kind, before, after }) => {
    const route = after ?? before;
    const find = after ? placeOf.after : placeOf.before;
    const auth = before && after ? `${authWord(before)} → ${authWord(after)}` : route ? authWord(route) : '';
    return [
      kind,
      route?.method ?? '',
      route?.path ?? '',
      auth,
      route ? `${route.span.file}:${find(route.span).line}` : '',
    ];
  });
  const sheet = rows.length > 0 ? `\n${table([['CHANGE', 'METHOD', 'PATH', 'AUTH', 'PLACE'], ...rows])}` : '';
  return `${summary(changes)}\n${sheet}`;
}

export function renderDiffJson(
  changes: readonly RouteChange[],
  placeOf: { readonly before: PlaceFinder; readonly after: PlaceFinder },
): string {
  const list = changes.map(({ kind, before, after }) => ({
    kind,
    before: before ? routeJson(before, placeOf.before) : null,
    after: after ? routeJson(after, placeOf.after) : null,
  }));
  return `${JSON.stringify({ summary: summary(changes), changes: list }, undefined, 2)}\n`;
}

function kindsOf(before: RouteInfo, after: RouteInfo): RouteChangeKind[] {
  const out: RouteChangeKind[] = [];
  const from = before.verdicts;
  const to = after.verdicts;
  if (isOpen(after) && !isOpen(before)) out.push('opened');
  else if (to.auth === 'yes' && from.auth === 'no') out.push('protected');
  else if (from.auth === 'yes' && to.auth === 'unknown') out.push('made-unclear');
  const compare = (was: Verdict, is: Verdict, dropped: RouteChangeKind, added: RouteChangeKind): void => {
    if (was === 'yes' && is === 'no') out.push(dropped);
    if (was === 'no' && is === 'yes') out.push(added);
  };
  compare(from.authorization, to.authorization, 'dropped-authorization', 'added-authorization');
  compare(from.rateLimit, to.rateLimit, 'dropped-rate-limit', 'added-rate-limit');
  const parts = INPUT_PARTS.filter(part => after.input[part] !== undefined);
  if (parts.some(part => before.input[part] === 'yes' && after.input[part] === 'no')) out.push('dropped-validation');
  else if (parts.some(part => before.input[part] === 'no' && after.input[part] === 'yes')) out.push('added-validation');
  return out;
}
