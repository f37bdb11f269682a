import type { Program } from '../../link/program.ts';
import { spanAt } from '../../link/spans.ts';
import { alternatives, api, type ClassValue, type ObjectValue, stringOf, type Value } from '../../link/values.ts';
import { decorationsOf } from '../shared/decorations.ts';
import { addProviders, type ModuleGraph, type Provider, stateOf } from './state.ts';

const DEPTH = 40;
/** Modules of packages that may bring a global guard along with them. */
const MAY_GUARD = /auth|guard|keycloak|security|access|acl|casl|permission|clerk|session/i;
const NEUTRAL = /^@nestjs\//;

/** Everything reachable from an application's root module. */
export function moduleGraph(program: Program, root: Value): ModuleGraph {
  const graph: ModuleGraph = { controllers: [], resolvers: [], providers: [], steps: [], unresolved: undefined };
  const paths = new Map<ClassValue['cls'], string>();
  const seen = new Set<unknown>();
  const found: { cls: ClassValue; module: ClassValue['cls'] | undefined }[] = [];

  const visit = (value: Value | undefined, depth: number): void => {
    if (!value || depth > DEPTH) return;
    switch (value.k) {
      case 'union':
        for (const one of value.of) visit(one, depth + 1);
        return;
      case 'array':
        for (const one of value.items) visit(one, depth + 1);
        return;
      case 'class':
        visitClass(value, depth);
        return;
      case 'object':
        visitDynamic(value, depth);
        return;
      case 'api':
        visitApi(value.path, value.made?.args ?? [], depth);
        return;
      case 'const':
        return;
      default:
        graph.unresolved ??= 'an imported module could not be resolved';
    }
  };

  const visitApi = (path: string, args: readonly Value[], depth: number): void => {
    if (path === '@nestjs/common.forwardRef()') {
      const [inner] = args;
      if (inner?.k === 'func') visit(program.returns(inner, []), depth + 1);
    } else if (/^@nestjs\/core\.RouterModule\.(?:register|forRoutes|forRoot)\(\)$/.test(path)) {
      mount(args[0], '', paths);
    } else if (!NEUTRAL.test(path) && MAY_GUARD.test(path)) {
      graph.unresolved ??= `${path} may bring a guard along`;
    }
  };

  const visitClass = (cls: ClassValue, depth: number): void => {
    if (seen.has(cls.cls)) return;
    seen.add(cls.cls);
    for (const { path, args } of decorationsOf(program, cls.env, cls.cls.decorators)) {
      if (path === '@nestjs/common.Module' && args[0]?.k === 'object') take(args[0], cls, depth);
    }
    configure(program, cls, graph);
  };

  const visitDynamic = (value: ObjectValue, depth: number): void => {
    if (seen.has(value.props)) return;
    seen.add(value.props);
    const module = value.props.get('module');
    visit(module, depth + 1);
    take(value, module?.k === 'class' ? module : undefined, depth);
  };

  const take = (meta: ObjectValue, cls: ClassValue | undefined, depth: number): void => {
    for (const value of listOf(meta.props.get('imports'))) visit(value, depth + 1);
    for (const value of listOf(meta.props.get('controllers'))) {
      for (const one of alternatives(value)) if (one.k === 'class') found.push({ cls: one, module: cls?.cls });
    }
    for (const value of listOf(meta.props.get('providers'))) addProvider(program, value, meta, graph);
  };

  visit(root, 0);
  const known = new Set<ClassValue['cls']>();
  for (const { cls, module } of found) {
    if (known.has(cls.cls)) continue;
    known.add(cls.cls);
    graph.controllers.push({ cls, path: (module && paths.get(module)) ?? '' });
  }
  addProviders(program, graph.providers);
  return graph;
}

function listOf(value: Value | undefined): readonly Value[] {
  if (!value) return [];
  return alternatives(value).flatMap(one => (one.k === 'array' ? one.items : [one]));
}

/** `RouterModule.register([{ path, module, children }])`. */
function mount(routes: Value | undefined, prefix: string, paths: Map<ClassValue['cls'], string>): void {
  for (const route of listOf(routes)) {
    if (route.k === 'class') paths.set(route.cls, prefix);
    if (route.k !== 'object') continue;
    const path = `${prefix}/${stringOf(route.props.get('path')) ?? '{?}'}`;
    const module = route.props.get('module');
    if (module?.k === 'class') paths.set(module.cls, path);
    mount(route.props.get('children'), path, paths);
  }
}

function addProvider(program: Program, value: Value, meta: ObjectValue, graph: ModuleGraph): void {
  for (const one of alternatives(value)) {
    if (one.k === 'class') {
      if (decorationsOf(program, one.env, one.cls.decorators).some(({ path }) => path === '@nestjs/graphql.Resolver'))
        graph.resolvers.push(one);
    } else if (one.k === 'object') {
      const provider = toProvider(one);
      if (provider) graph.providers.push(provider);
    } else if (one.k === 'array') {
      for (const item of one.items) addProvider(program, item, meta, graph);
    }
  }
}

function toProvider({ props, file, p }: ObjectValue): Provider | undefined {
  const token = props.get('provide');
  if (!token) return undefined;
  const span = spanAt(file, p);
  for (const [key, kind] of KINDS) {
    const make = props.get(key);
    if (make) return { token, make, kind, span };
  }
  return undefined;
}

const KINDS = [
  ['useClass', 'class'],
  ['useExisting', 'existing'],
  ['useFactory', 'factory'],
  ['useValue', 'value'],
] as const;

/** What a provider gives: an instance, a class, or whatever its factory returns. */
export function provided(program: Program, { kind, make }: Provider): Value {
  if (kind === 'factory') return make.k === 'func' ? program.returns(make, []) : { k: 'unknown' };
  return kind === 'class' && make.k === 'class' ? { k: 'instance', of: make, fields: new Map() } : make;
}

/** Runs a module's `configure(consumer)`; the consumer's calls are recorded as they happen. */
function configure(program: Program, cls: ClassValue, graph: ModuleGraph): void {
  const method = cls.cls.members.find(one => one.n === 'configure' && one.kind === 'method');
  const fn = method?.f === undefined ? undefined : cls.env.unit.facts.functions[method.f];
  if (!fn) return;
  const state = stateOf(program);
  const before = state.consumed.length;
  const self: Value = { k: 'instance', of: cls, fields: new Map() };
  program.callFunction({ k: 'func', file: cls.file, fn, env: cls.env, self }, [api(CONSUMER, true)], cls.env);
  graph.steps.push(...state.consumed.slice(before));
}

export const CONSUMER = '@nestjs/common.MiddlewareConsumer';
