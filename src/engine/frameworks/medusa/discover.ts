import type { ChainLink } from '../../link/endpoint.ts';
import { exportsOf } from '../../link/exports.ts';
import type { Program } from '../../link/program.ts';
import { createRouter, type RouterObject } from '../../link/router.ts';
import { api, booleanOf, constant, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { exportSpan } from '../shared/export-span.ts';
import { flatValues, giveAll } from '../shared/routes.ts';
import { type MatchedSteps, matchedSteps } from './matchers.ts';

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];
const PARAMS = ['express.Request', 'express.Response', 'express.NextFunction'];
const PACKAGES = ['@medusajs/framework', '@medusajs/medusa'];
const ROUTE = /^(?:src\/)?api\/(?:(.*)\/)?route\.[cm]?[jt]s$/;
/** Paths that are behind `authenticate()` unless their file takes it away. */
const GUARDED: readonly (readonly [RegExp, string])[] = [
  [/^\/admin(?:\/|$)/, 'users sign in to everything below /admin unless a route opts out'],
  [/^\/store\/customers\/me(?:\/|$)/, 'customers sign in to what is theirs unless a route opts out'],
];

/** Shops sell to people who have no account. */
const SHOP = /^\/store(?:\/|$)/;

/** Turns route files into routes behind the steps that the `middlewares` file beside them matches with. */
export function discoverMedusa(program: Program): void {
  const servers = new Map<string, { router: RouterObject; matched: readonly MatchedSteps[] | undefined }>();
  for (const file of [...program.units.keys()].sort()) {
    if (!/(?:^|\/)api\/(?:.*\/)?route\.[cm]?[jt]s$/.test(file)) continue;
    const folder = program.project.packageOf(file)?.folder ?? '';
    const local = ROUTE.exec(folder ? file.slice(folder.length + 1) : file);
    if (!local || !PACKAGES.some(name => program.project.dependsOn(file, name))) continue;
    const path = pathOf(local[1] ?? '');
    if (path === undefined) continue;
    let server = servers.get(folder);
    if (!server) {
      const base = file.slice(0, file.length - local[0].length) + local[0].slice(0, local[0].indexOf('api/') + 3);
      const router = createRouter('medusa', { file, start: 0, end: 0 }, { app: true });
      program.routers.push(router);
      server = { router, matched: middlewareOf(program, base) };
      servers.set(folder, server);
    }
    addRoutes(program, server.router, server.matched, file, path);
  }
}

function middlewareOf(program: Program, base: string): readonly MatchedSteps[] | undefined {
  const extension = program.project.extensionsOf(`${base}/middlewares`)?.[0];
  return extension === undefined ? [] : matchedSteps(program.exported(`${base}/middlewares${extension}`, 'default'));
}

function addRoutes(
  program: Program,
  router: RouterObject,
  matched: readonly MatchedSteps[] | undefined,
  file: string,
  path: string,
): void {
  const unit = program.units.get(file)!;
  const { names } = exportsOf(program, file);
  const optsOut = names.has('AUTHENTICATE') && booleanOf(program.exported(file, 'AUTHENTICATE')) === false;
  for (const verb of VERBS) {
    if (!names.has(verb)) continue;
    const steps = flatValues((matched ?? []).flatMap(one => (one.covers(verb, path) ? one.steps : [])));
    const before: readonly Value[] = matched ? steps : [{ k: 'unknown' }];
    const handler = program.exported(file, verb);
    giveAll(program, [...before, handler], PARAMS);
    const span = exportSpan(unit, verb);
    router.entries.push({
      k: 'route',
      methods: [verb],
      path: constant(path),
      handlers: [...before, handler],
      span,
      conditional: false,
      judge: () => {
        const guards = optsOut ? [] : defaultGuard(path, span);
        return {
          steps: guards,
          isPublic: guards.length === 0 && SHOP.test(path) ? 'a shop is open to all' : undefined,
        };
      },
    });
  }
}

function defaultGuard(path: string, span: Span): ChainLink[] {
  const why = GUARDED.find(([pattern]) => pattern.test(path))?.[1];
  const value = api('@medusajs/framework/http.authenticate()', true);
  return why ? [{ value, roles: ['authenticates'], span, via: 'authentication by path', why, evidence: [] }] : [];
}

/** Folders as a path, `[id]` a parameter; folders with an underscore serve nothing. */
function pathOf(folders: string): string | undefined {
  const parts = folders.split('/').filter(Boolean);
  if (parts.some(part => part.startsWith('_'))) return undefined;
  return `/${parts.map(part => part.replace(/\[\.{3}\]/g, '*path').replace(/\[(\w+)\]/g, ':$1')).join('/')}`;
}
