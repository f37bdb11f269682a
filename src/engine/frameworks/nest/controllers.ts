import { joinPaths, pathText } from '../../link/paths.ts';
import type { Program } from '../../link/program.ts';
import type { RouteVerdict } from '../../link/router.ts';
import { type ClassValue, constant, type FuncValue, stringOf, type Value } from '../../link/values.ts';
import type { ClassMember } from '../../model/facts.ts';
import { contractSteps, methodOfContract } from '../ts-rest/contracts.ts';
import { type Decoration, decorationsOf, metadataOf } from './decorators.ts';
import { judgeRoute, type RouteContext } from './judge.ts';
import { paramValues } from './params.ts';
import { prefixed, type Serving, versionSegments } from './serving.ts';

const METHODS: Readonly<Record<string, string>> = {
  Get: 'GET',
  Post: 'POST',
  Put: 'PUT',
  Patch: 'PATCH',
  Delete: 'DELETE',
  Options: 'OPTIONS',
  Head: 'HEAD',
  All: 'ALL',
  Sse: 'GET',
  Search: 'SEARCH',
};

/** One routed method of a class, with the decorators of both. */
export interface DecoratedMethod {
  readonly cls: ClassValue;
  readonly handler: FuncValue;
  readonly onClass: readonly Decoration[];
  readonly onMethod: readonly Decoration[];
}

/** Adds a controller's routes, inherited ones included, to the application's router. */
export function addController(program: Program, cls: ClassValue, modulePath: string, serving: Serving): void {
  const onClass = decorationsOf(program, cls.env, cls.cls.decorators);
  const controller = onClass.find(({ path }) => path === '@nestjs/common.Controller');
  if (!controller) return;
  const [first] = controller.args;
  const options = first?.k === 'object' ? first : undefined;
  const bases = pathsOf(options ? options.props.get('path') : first);
  const classVersion = options?.props.get('version') ?? argOf(onClass, '@nestjs/common.Version');
  for (const method of methodsOf(program, cls, onClass)) {
    program.giveParams(method.handler, paramValues(program, method.handler));
    const version = argOf(method.onMethod, '@nestjs/common.Version') ?? classVersion;
    for (const route of method.onMethod) {
      const verb = verbOf(route);
      if (verb === undefined) continue;
      for (const base of bases) {
        for (const own of pathsOf(route.args[0])) {
          for (const segment of versionSegments(serving, version)) {
            const local = joinPaths(segment, modulePath, base, own);
            const path = prefixed(serving, local, verb);
            const context: RouteContext = { ...method, serving, path, local, verb };
            serving.router.entries.push({
              k: 'route',
              methods: [verb],
              path: constant(path),
              handlers: [method.handler],
              span: route.span,
              conditional: false,
              marks: { metadata: metadataMap([...onClass, ...method.onMethod]) },
              judge: CONTRACTS.test(route.path)
                ? withContract(judgeRoute(program, context), route)
                : judgeRoute(program, context),
            });
          }
        }
      }
    }
  }
}

/** What a contract has schemas for is parsed by the decorator that names it. */
function withContract(judge: () => RouteVerdict, { args: [contract], span }: Decoration): () => RouteVerdict {
  return () => {
    const verdict = judge();
    return contract?.k === 'object'
      ? { ...verdict, steps: [...verdict.steps, ...contractSteps(contract, span)] }
      : verdict;
  };
}

/** The method of the request that a decorator routes; one of a contract says it itself. */
function verbOf({ path, args: [first] }: Decoration): string | undefined {
  if (CONTRACTS.test(path)) return methodOfContract(first);
  return METHODS[/^@nestjs\/common\.(\w+)$/.exec(path)?.[1] ?? ''];
}

const CONTRACTS = /^@ts-rest\/nest\.(?:TsRest|TsRestHandler|Api)$/;

/** Methods of a class and its bases, the nearest of each name; a base's decorators hold unless it is overridden. */
export function methodsOf(program: Program, cls: ClassValue, onClass: readonly Decoration[]): DecoratedMethod[] {
  const out: DecoratedMethod[] = [];
  const seen = new Set<string>();
  let at: Value | undefined = cls;
  for (let depth = 0; at?.k === 'class' && depth < 6; depth++) {
    const of: ClassValue = at;
    for (const member of of.cls.members) {
      if (member.kind !== 'method' || member.static || seen.has(member.n)) continue;
      seen.add(member.n);
      const handler = handlerOf(cls, of, member);
      if (!handler || !member.decorators?.length) continue;
      out.push({ cls, handler, onClass, onMethod: decorationsOf(program, of.env, member.decorators) });
    }
    at = program.baseOf(of);
  }
  return out;
}

function handlerOf(cls: ClassValue, of: ClassValue, member: ClassMember): FuncValue | undefined {
  const fn = member.f === undefined ? undefined : of.env.unit.facts.functions[member.f];
  const self: Value = { k: 'instance', of: cls, fields: new Map() };
  return fn ? { k: 'func', file: of.file, fn, env: of.env, self } : undefined;
}

function pathsOf(value: Value | undefined): string[] {
  if (value?.k === 'array') return value.items.flatMap(pathsOf);
  if (value?.k === 'object') return pathsOf(value.props.get('path'));
  return [pathText(value).path];
}

function argOf(list: readonly Decoration[], path: string): Value | undefined {
  return list.find(one => one.path === path)?.args[0];
}

export function metadataMap(list: readonly Decoration[]): ReadonlyMap<string, Value> {
  const out = new Map<string, Value>();
  for (const one of list) {
    const found = metadataOf(one);
    if (found) out.set(found.key, found.value ?? constant(true));
    else if (stringOf(one.args[0]) !== undefined && one.path) out.set(one.path, one.args[0]!);
  }
  return out;
}
