import { methodOf } from '../../link/call-index.ts';
import { typeValue } from '../../link/declared.ts';
import type { ChainLink, MiddlewareRole } from '../../link/endpoint.ts';
import { joinPaths, pathText } from '../../link/paths.ts';
import type { Program } from '../../link/program.ts';
import { createRouter, type RouterObject } from '../../link/router.ts';
import { spanAt } from '../../link/spans.ts';
import {
  type ApiValue,
  api,
  type ClassValue,
  constant,
  type FuncValue,
  stringOf,
  UNKNOWN,
  type Value,
} from '../../link/values.ts';
import type { Param } from '../../model/facts.ts';
import { type DecoratedMethod, methodsOf } from '../shared/decorated-methods.ts';
import { type Decoration, decorationsOf } from '../shared/decorations.ts';
import { flatValues, giveAll } from '../shared/routes.ts';

/** How a library of decorated controllers names its decorators; all names without the package. */
export interface Dialect {
  readonly id: string;
  /** Its package, as in API paths. */
  readonly module: string;
  /** Decorators that make a class a controller; the first argument is its path. */
  readonly controllers: readonly string[];
  /** Decorators of methods that make them routes, with their verb; '' where that is the first argument. */
  readonly verbs?: Readonly<Record<string, string>>;
  /** Decorators with middleware as arguments, on class or method. */
  readonly middleware: readonly string[];
  /** What follows the path in the decorators of controllers and routes is middleware: what it stands for. */
  readonly step?: (program: Program, value: Value) => Value;
  /** What a method without decorated parameters is called with. */
  readonly positional?: readonly string[];
  /** Decorators on class or method that let only signed-in callers in, with the position of the roles they ask for. */
  readonly guards: Readonly<Record<string, number>>;
  /** Undoes the class's guards for one method. */
  readonly open?: string;
  /** Decorators of parameters that refuse callers who are not signed in. */
  readonly callers?: readonly string[];
  /** API types of what a framework hands to a parameter as a whole, by decorator. */
  readonly whole: Readonly<Record<string, string>>;
  /** Decorators of parameters that are parts of the request, with the role of checking them. */
  readonly parts: Readonly<Record<string, MiddlewareRole | undefined>>;
  /** Turns the library's spelling of a path into `/:id`. */
  readonly path?: (text: string) => string;
  /** Whether the parameter's declared type is enforced before the method runs. */
  checks(program: Program, method: DecoratedMethod, param: Param): boolean;
}

const VERBS: Readonly<Record<string, string>> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Patch: 'PATCH',
  Delete: 'DELETE',
  Head: 'HEAD',
  Options: 'OPTIONS',
  All: 'ALL',
  Method: '',
};
const STEP = ['express.Request', 'express.Response', 'express.NextFunction'];

/** Classes of the workspace that carry one of the dialect's controller decorators, in path order. */
export function controllersOf(program: Program, dialect: Dialect): ClassValue[] {
  const out: ClassValue[] = [];
  for (const unit of program.units.values()) {
    if (!unit.facts.imports.some(({ module }) => program.adapters.canonical(module) === dialect.module)) continue;
    for (const cls of unit.facts.classes) {
      if (!cls.decorators?.length) continue;
      const onClass = decorationsOf(program, unit.env, cls.decorators);
      if (dialect.controllers.some(name => find(program, dialect, onClass, name)))
        out.push({ k: 'class', file: unit.path, cls, env: unit.env });
    }
  }
  return out;
}

/** Adds a controller's routes to the router that serves it; without one their mount is not known. */
export function addController(program: Program, dialect: Dialect, cls: ClassValue, served?: RouterObject): void {
  const onClass = decorationsOf(program, cls.env, cls.cls.decorators);
  const head = dialect.controllers.map(name => find(program, dialect, onClass, name)).find(one => one !== undefined);
  if (!head) return;
  const router = served ?? detached(program, dialect, cls);
  for (const method of methodsOf(program, cls, onClass)) {
    const named = middlewareOf(program, dialect, [...onClass, ...method.onMethod]);
    program.giveParams(method.handler, paramsOf(program, dialect, method.handler));
    for (const [verb, route] of routesOf(program, dialect, method.onMethod)) {
      const at = verb === '' ? 1 : 0;
      const path = joinPaths(pathOf(dialect, head.args[0]), pathOf(dialect, route.args[at]));
      const { step } = dialect;
      const inline = step ? [...head.args.slice(1), ...route.args.slice(at + 1)].map(one => step(program, one)) : [];
      const before = [...named, ...inline];
      giveSteps(program, before);
      router.entries.push({
        k: 'route',
        methods: [verb || (stringOf(route.args[0])?.toUpperCase() ?? 'ALL')],
        path: constant(path),
        handlers: [...before, method.handler],
        span: route.span,
        conditional: false,
        judge: () => ({ steps: stepsOf(program, dialect, method) }),
      });
    }
  }
}

function detached(program: Program, dialect: Dialect, { file, cls }: ClassValue): RouterObject {
  const router = createRouter(dialect.id, spanAt(file, cls.np), { detached: true });
  program.routers.push(router);
  return router;
}

/** Notes what the framework calls middleware with: functions, and the `use` method of classes. */
export function giveSteps(program: Program, steps: readonly Value[]): void {
  const functions = steps.map(one => (one.k === 'class' ? (methodOf(program, one, 'use') ?? one) : one));
  giveAll(program, functions, STEP);
}

function find({ adapters }: Program, { module }: Dialect, list: readonly Decoration[], name: string) {
  return list.find(({ path }) => adapters.canonical(path) === `${module}.${name}`);
}

/** The decorators that make a method a route; the verb is '' where it is their first argument. */
function routesOf(
  { adapters }: Program,
  { module, verbs = VERBS }: Dialect,
  onMethod: readonly Decoration[],
): (readonly [verb: string, route: Decoration])[] {
  return onMethod.flatMap(one => {
    const path = adapters.canonical(one.path);
    const name = path.startsWith(`${module}.`) ? path.slice(module.length + 1) : '';
    const verb = verbs[name];
    return verb === undefined ? [] : [[verb, one] as const];
  });
}

function pathOf({ path }: Dialect, value: Value | undefined): string {
  const text = pathText(value).path;
  return path ? path(text) : text;
}

function middlewareOf(program: Program, dialect: Dialect, list: readonly Decoration[]): Value[] {
  return dialect.middleware.flatMap(name =>
    list
      .filter(({ path }) => program.adapters.canonical(path) === `${dialect.module}.${name}`)
      .flatMap(({ args }) => flatValues(args)),
  );
}

function paramsOf(program: Program, dialect: Dialect, { fn, env }: FuncValue): Value[] {
  if (dialect.positional && fn.params.every(({ decorators }) => !decorators?.length))
    return dialect.positional.map(path => api(path, true));
  return fn.params.map(param => {
    for (const { name, args } of ofDialect(program, dialect, decorationsOf(program, env, param.decorators))) {
      const whole = dialect.whole[name];
      if (whole) return api(whole, true);
      if (!(name in dialect.parts)) continue;
      const part: ApiValue = api(`${dialect.module}.${name}`, true);
      const key = stringOf(args[0]);
      return key === undefined ? part : { k: 'api', path: `${part.path}#${key}`, inst: false, from: part };
    }
    return UNKNOWN;
  });
}

function ofDialect(
  { adapters }: Program,
  { module }: Dialect,
  list: readonly Decoration[],
): (Decoration & { name: string })[] {
  return list.flatMap(one => {
    const path = adapters.canonical(one.path);
    return path.startsWith(`${module}.`) ? [{ ...one, name: path.slice(module.length + 1) }] : [];
  });
}

/** What the library itself does before it calls the method: asks who is there, and checks what came. */
function stepsOf(program: Program, dialect: Dialect, method: DecoratedMethod): ChainLink[] {
  const { onClass, onMethod, handler } = method;
  const steps: ChainLink[] = [];
  const isOpen = dialect.open !== undefined && find(program, dialect, onMethod, dialect.open) !== undefined;
  const all = ofDialect(program, dialect, isOpen ? onMethod : [...onClass, ...onMethod]);
  for (const one of all) {
    const position = dialect.guards[one.name];
    if (position === undefined) continue;
    const asks = one.args.slice(position).flatMap(rolesIn);
    steps.push({
      value: one.value,
      roles: asks.length > 0 ? ['authenticates', 'authorizes'] : ['authenticates'],
      span: one.span,
      via: `@${one.name} on the ${onMethod.some(({ span }) => span === one.span) ? 'method' : 'class'}`,
      ...(asks.length > 0 ? { asks } : {}),
      why: 'lets nobody in whom the application does not know',
      evidence: [],
    });
  }
  for (const param of handler.fn.params)
    for (const one of ofDialect(program, dialect, decorationsOf(program, handler.env, param.decorators))) {
      const role = dialect.parts[one.name];
      const link = { value: one.value, span: one.span, via: 'on the parameter', evidence: [] };
      if (dialect.callers?.includes(one.name) && isRequired(one.args[0]))
        steps.push({ ...link, roles: ['authenticates'], why: 'refuses callers without a user' });
      else if (role && dialect.checks(program, method, param))
        steps.push({ ...link, roles: [role], why: `the value is checked against ${param.t?.n || 'its type'}` });
    }
  return steps;
}

function rolesIn(value: Value): string[] {
  if (value.k === 'array') return value.items.flatMap(rolesIn);
  const text = stringOf(value);
  return text === undefined ? [] : [text];
}

function isRequired(options: Value | undefined): boolean {
  const required = options?.k === 'object' ? options.props.get('required') : undefined;
  return required?.k === 'const' && required.v === true;
}

/** The class that a parameter's type names, if it is one of the project. */
export function classOfParam(program: Program, { env }: FuncValue, { t }: Param): ClassValue | undefined {
  const type = t && typeValue(program, env, t);
  return type?.k === 'instance' ? type.of : undefined;
}
