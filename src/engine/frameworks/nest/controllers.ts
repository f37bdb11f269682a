import { joinPaths, pathText } from '../../link/paths.ts';
import type { Program } from '../../link/program.ts';
import type { RouteVerdict } from '../../link/router.ts';
import { type ClassValue, constant, stringOf, type Value } from '../../link/values.ts';
import { methodsOf } from '../shared/decorated-methods.ts';
import { type Decoration, decorationsOf } from '../shared/decorations.ts';
import { contractSteps, methodOfContract } from '../ts-rest/contracts.ts';
import { judgeRoute, type RouteContext } from './judge.ts';
import { metadataOf } from './metadata.ts';
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
