import { exportsOf } from '../../link/exports.ts';
import type { Program } from '../../link/program.ts';
import { createRouter, type RouterObject } from '../../link/router.ts';
import { constant, stringOf, UNKNOWN, type Value } from '../../link/values.ts';
import { exportSpan } from '../shared/export-span.ts';
import { giveAll, servesRouter } from '../shared/routes.ts';
import { type NextFile, nextFiles } from './files.ts';
import { middlewareOf, type NextMiddleware, stepsFor } from './middleware.ts';
import { addPageApi } from './page-api.ts';

/** One application: its router, what runs before every route, and where it is mounted. */
export interface NextApp {
  readonly router: RouterObject;
  readonly middleware: NextMiddleware | undefined;
}

const VERBS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const PARAMS = ['next.Request', 'next.RouteArguments'];

/** Turns the files that Next.js routes by name into routes of their application. */
export function discoverNext(program: Program): void {
  const files = nextFiles(program);
  const apps = new Map<string, NextApp>();
  for (const file of files) {
    if (file.kind === 'middleware') continue;
    let app = apps.get(file.root);
    if (!app) {
      app = openApp(program, file, files);
      apps.set(file.root, app);
    }
    if (file.kind === 'route') addRoutes(program, app, file);
    else addPageApi(program, app, file);
  }
}

function openApp(program: Program, { root, file }: NextFile, files: readonly NextFile[]): NextApp {
  const router = createRouter('next', { file, start: 0, end: 0 }, { app: true, prefix: basePath(program, root) });
  program.routers.push(router);
  const own = files.find(one => one.kind === 'middleware' && one.root === root);
  return { router, middleware: own && middlewareOf(program, own.file) };
}

/** `basePath` of next.config; unknown where the configuration cannot be read at all. */
function basePath(program: Program, root: string): Value | undefined {
  const stem = root ? `${root}/next.config` : 'next.config';
  const extension = program.project.extensionsOf(stem)?.[0];
  if (extension === undefined) return undefined;
  let config = program.exported(stem + extension, 'default');
  if (config.k === 'api') config = config.made?.args.find(arg => arg.k === 'object' || arg.k === 'func') ?? config;
  if (config.k === 'func') config = program.returns(config, []);
  const path = config.k === 'object' ? config.props.get('basePath') : undefined;
  return path && (stringOf(path) !== undefined || path.k === 'template') ? path : undefined;
}

/** Every exported verb of a route file, re-exports and wrapped handlers included. */
function addRoutes(program: Program, app: NextApp, { file, path }: NextFile): void {
  const unit = program.units.get(file)!;
  const { names, open } = exportsOf(program, file);
  const verbs = VERBS.filter(verb => names.has(verb));
  for (const verb of verbs) addRoute(program, app, verb, path, program.exported(file, verb), exportSpan(unit, verb));
  // What is passed on from elsewhere cannot be named here: the path is there, its methods are not known.
  if (verbs.length === 0 && open) addRoute(program, app, 'ALL', path, UNKNOWN, exportSpan(unit, '*'));
}

function addRoute(
  program: Program,
  { router, middleware }: NextApp,
  method: string,
  path: string,
  handler: Value,
  span: RouterObject['span'],
): void {
  if (servesRouter(handler)) return;
  giveAll(program, [handler], PARAMS);
  router.entries.push({
    k: 'route',
    methods: [method],
    path: constant(path),
    handlers: [handler],
    span,
    conditional: false,
    ...(middleware ? { judge: () => ({ steps: stepsFor(program, middleware, path) }) } : {}),
  });
}
