import { methodOf } from '../../link/call-index.ts';
import type { Program } from '../../link/program.ts';
import { createRouter } from '../../link/router.ts';
import { spanAt } from '../../link/spans.ts';
import { startUncalled } from '../../link/start-uncalled.ts';
import { alternatives, api, type ClassValue, type Value } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import { decorationsOf } from '../shared/decorations.ts';
import { addController } from './controllers.ts';
import { moduleGraph, provided } from './modules.ts';
import { discoverResolvers } from './resolvers.ts';
import type { GlobalGuard, Serving } from './serving.ts';
import { type ModuleGraph, type NestApp, stateOf } from './state.ts';
import type { Pipe } from './validation.ts';

/** Turns modules and decorators into routes of the applications they belong to. */
export function discoverNest(program: Program): void {
  const controllers = controllerClasses(program);
  if (controllers.length === 0 && !hasResolvers(program)) return;
  const state = stateOf(program);
  startUncalled(program, '@nestjs/core', ['NestFactory'], isFactoryCall);
  const served = new Set<ClassValue['cls']>();
  let complete = state.apps.length > 0;
  const servings = state.apps.map(app => serve(program, app));
  for (const serving of servings) {
    complete &&= serving.graph.unresolved === undefined;
    for (const { cls, path } of serving.graph.controllers) {
      served.add(cls.cls);
      addController(program, cls, path, serving);
    }
    noteMiddleware(program, serving.graph);
  }
  discoverResolvers(program, servings, complete);
  // Controllers of no module known to be used: dead code where all modules are known, else of unknown mount.
  if (complete) return;
  for (const cls of controllers) {
    if (served.has(cls.cls)) continue;
    const span = spanAt(cls.file, cls.cls.np);
    const router = createRouter('nest', span, { order: 'scoped', detached: true });
    program.routers.push(router);
    const graph: ModuleGraph = { controllers: [], resolvers: [], providers: [], steps: [], unresolved: undefined };
    addController(program, cls, '', { router, graph, guards: [], pipes: [] });
  }
}

function hasResolvers({ units }: Program): boolean {
  return [...units.values()].some(({ facts }) =>
    facts.imports.some(({ module, name }) => module === '@nestjs/graphql' && name === 'Resolver'),
  );
}

function serve(program: Program, { router, root }: NestApp): Serving {
  const graph = moduleGraph(program, root);
  const guards: GlobalGuard[] = [];
  const pipes: Pipe[] = [];
  const noted = (name: string): readonly Value[] => {
    const list = router.notes.get(name);
    return list?.k === 'array' ? list.items : [];
  };
  for (const value of noted('guards')) guards.push({ value, via: 'useGlobalGuards', span: router.span });
  for (const value of noted('pipes')) pipes.push({ value, via: 'useGlobalPipes' });
  for (const provider of graph.providers) {
    if (provider.token.k !== 'api') continue;
    if (provider.token.path === '@nestjs/core.APP_GUARD')
      guards.push({ value: provided(program, provider), via: 'APP_GUARD', span: provider.span });
    else if (provider.token.path === '@nestjs/core.APP_PIPE')
      pipes.push({ value: provided(program, provider), via: 'APP_PIPE' });
  }
  return { router, graph, guards, pipes };
}

function isFactoryCall(f: Expr): boolean {
  return f.k === 'mem' && f.n === 'create' && f.o.k === 'id' && f.o.n === 'NestFactory';
}

function controllerClasses(program: Program): ClassValue[] {
  const out: ClassValue[] = [];
  for (const unit of program.units.values()) {
    for (const cls of unit.facts.classes) {
      if (!cls.decorators?.length) continue;
      const value: ClassValue = { k: 'class', file: unit.path, cls, env: unit.env };
      const paths = decorationsOf(program, unit.env, cls.decorators).map(one => one.path);
      if (paths.includes('@nestjs/common.Controller')) out.push(value);
    }
  }
  return out;
}

/** Middleware classes are called as `use(request, response, next)`. */
function noteMiddleware(program: Program, { steps }: ModuleGraph): void {
  const params = ['express.Request', 'express.Response', 'express.NextFunction'].map(path => api(path, true));
  for (const value of steps.flatMap(step => step.middleware).flatMap(alternatives)) {
    const func = value.k === 'class' ? methodOf(program, value, 'use') : value;
    if (func) program.giveParams(func, params);
  }
}
