import { posix } from 'node:path';
import { folderOf } from '../../../common/path.ts';
import { evaluate } from '../../link/evaluate.ts';
import { resolveModule } from '../../link/modules.ts';
import type { Program } from '../../link/program.ts';
import type { RouterObject } from '../../link/router.ts';
import { functionsOf } from '../../link/serverless.ts';
import {
  type ApiValue,
  alternatives,
  api,
  constant,
  type FuncValue,
  stringOf,
  UNKNOWN,
  type Value,
} from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { libraryCalls } from '../shared/library-calls.ts';

/** The library is also imported as a whole: `aws_apigateway` of `aws-cdk-lib`. */
const CDK = /^(?:aws-cdk-lib(?:[/.]|$)|@aws-cdk\/aws-apigateway|sst)/;
const NAMES = new Set(['addMethod', 'addRoutes']);

type NewGateway = (file: string, span: Span) => RouterObject;

/** `api.root.addResource('users').addMethod('GET', …)` and `httpApi.addRoutes({ path, methods, … })` of a stack. */
export function discoverCdk(program: Program, newGateway: NewGateway, event: string): void {
  const isMethod = (path: string): boolean => CDK.test(path);
  for (const { call, env, callee, path, span } of libraryCalls(program, CDK, NAMES, isMethod)) {
    const args = call.a.map(arg => evaluate(program, env, arg));
    const given = path.endsWith('addRoutes') ? ofHttpApi(args[0]) : ofRestApi(callee, args);
    if (!given) continue;
    const router = newGateway(span.file, span);
    const func = handlerOf(program, span.file, given.integration);
    if (func) program.giveParams(func, [api(event, true)]);
    const step = {
      value: given.authorizer ?? UNKNOWN,
      roles: [given.authorizer ? (given.authorizer.k === 'unknown' ? 'unknown' : 'authenticates') : 'neutral'] as const,
      span,
      via: 'the gateway',
      why: given.authorizer ? 'its authorizer checks who is calling' : 'it lets everybody pass',
      evidence: [],
    };
    router.entries.push({
      k: 'route',
      methods: given.methods,
      path: given.path === undefined ? UNKNOWN : constant(given.path.replace(/\{(\w+)\+\}/g, '*$1')),
      handlers: func ? [func] : [],
      span,
      conditional: false,
      ...(func ? {} : { partial: 'the function’s code could not be found' }),
      judge: () => ({ steps: [step] }),
    });
  }
}

interface Given {
  readonly methods: readonly string[];
  readonly path: string | undefined;
  readonly integration: Value | undefined;
  readonly authorizer: Value | undefined;
}

function ofHttpApi(options: Value | undefined): Given | undefined {
  if (options?.k !== 'object') return undefined;
  const methods = options.props.get('methods');
  const names = methods?.k === 'array' ? methods.items.map(methodName) : ['ALL'];
  const path = stringOf(options.props.get('path'));
  return { methods: names, path, integration: options.props.get('integration'), authorizer: guardIn(options) };
}

function methodName(value: Value): string {
  const name = stringOf(value) ?? (value.k === 'api' ? value.path.slice(value.path.lastIndexOf('.') + 1) : 'ALL');
  return name === 'ANY' ? 'ALL' : name.toUpperCase();
}

function ofRestApi(callee: ApiValue, [method, integration, options]: readonly Value[]): Given | undefined {
  const segments: string[] = [];
  let isKnown = true;
  let root: ApiValue | undefined;
  for (let at = callee.from; at; at = at.from) {
    root = at;
    const name = at.made?.call.f.k === 'mem' ? at.made.call.f.n : '';
    if (!at.made || (name !== 'addResource' && name !== 'resourceForPath')) continue;
    const segment = stringOf(at.made.args[0]);
    if (segment === undefined) isKnown = false;
    else segments.unshift(segment);
    // The call's result hangs on the member it was called by.
    at = at.from ?? at;
  }
  if (!root || !method) return undefined;
  const defaults = root.made?.args[2];
  const outer = defaults?.k === 'object' ? defaults.props.get('defaultMethodOptions') : undefined;
  const authorizer = guardIn(options) ?? guardIn(outer) ?? (options && options.k !== 'object' ? UNKNOWN : undefined);
  const path = isKnown ? `/${segments.join('/')}` : undefined;
  return { methods: [methodName(method)], path, integration, authorizer };
}

function guardIn(options: Value | undefined): Value | undefined {
  if (options?.k !== 'object') return undefined;
  const authorizer = options.props.get('authorizer');
  if (authorizer && !(authorizer.k === 'const' && authorizer.v == null))
    return authorizer.k === 'api' && /None/.test(authorizer.path) ? undefined : authorizer;
  const type = options.props.get('authorizationType');
  return type?.k === 'api' && !type.path.endsWith('.NONE') ? type : undefined;
}

/** `new LambdaIntegration(new NodejsFunction(this, 'X', { entry, handler }))`. */
function handlerOf(program: Program, file: string, integration: Value | undefined): FuncValue | undefined {
  for (const value of alternatives(integration ?? UNKNOWN)) {
    if (value.k !== 'api') continue;
    for (const arg of value.made?.args ?? []) {
      const fn = arg.k === 'api' ? arg.made?.args[2] : undefined;
      if (fn?.k !== 'object') continue;
      const found = functionIn(program, file, fn.props);
      if (found) return found;
    }
  }
  return undefined;
}

function functionIn(program: Program, file: string, props: ReadonlyMap<string, Value>): FuncValue | undefined {
  const entry = lastText(props.get('entry'));
  const handler = stringOf(props.get('handler')) ?? 'handler';
  const code = lastText(props.get('code'));
  const dot = handler.lastIndexOf('.');
  const path = entry ?? (code !== undefined && dot !== -1 ? posix.join(code, handler.slice(0, dot)) : undefined);
  if (path === undefined) return undefined;
  const name = handler.slice(dot + 1);
  const bases = [folderOf(file), program.project.packageOf(file)?.folder ?? ''];
  for (const base of bases) {
    const target = resolveModule(program.project, posix.join(base, 'stack'), `./${path.replace(/\.[cm]?[jt]s$/, '')}`);
    const [found] = target.k === 'file' ? functionsOf(program.exported(target.path, name)) : [];
    if (found) return found.func;
  }
  return undefined;
}

/** The path in `path.join(__dirname, '../src/x.ts')` or `Code.fromAsset('src')`. */
function lastText(value: Value | undefined): string | undefined {
  if (!value) return undefined;
  const own = stringOf(value);
  if (own !== undefined) return own;
  if (value.k === 'template') {
    const last = value.parts.at(-1);
    return typeof last === 'string' ? last.replace(/^\//, '') : undefined;
  }
  return value.k === 'api' ? (value.made?.args ?? []).map(lastText).findLast(text => text !== undefined) : undefined;
}
