import { posix } from 'node:path';
import { folderOf } from '../../common/path.ts';
import type { FunctionEvent, SamFacts, SamFunction, ServerlessFacts } from '../model/artefacts/serverless.ts';
import type { Setting } from '../model/document.ts';
import { get, isLiteral } from '../model/document.ts';
import type { Span } from '../model/span.ts';
import type { Program } from './program.ts';
import { type Found, functionAt } from './serverless.ts';
import type { FuncValue } from './values.ts';

/** What a gateway asks of callers before it runs a function. */
export type Gate =
  /** An authorizer, or the platform's own signatures. */
  | 'checked'
  /** A key that only counts who calls how often. */
  | 'metered'
  | 'open'
  /** Said by a variable, or by something that is not read. */
  | 'unknown';

/** An HTTP request that a configuration file has a platform hand to a function. */
export interface FunctionEndpoint {
  readonly path: string;
  /** Upper case; ALL for any. */
  readonly method: string;
  /** As written, `{id}` for parameters; undefined where a variable says it. */
  readonly route: string | undefined;
  readonly gate: Gate;
  /** Where the authorizer stands, if one does. */
  readonly authorizer: Span | undefined;
  readonly span: Span;
  readonly func: FuncValue | undefined;
  /** False if a wrapper may act before the function. */
  readonly direct: boolean;
  readonly event: FunctionEvent;
  readonly function: string;
}

export function functionEndpoints(program: Program): FunctionEndpoint[] {
  const { project } = program;
  return [
    ...project.artefactsOf('serverless').flatMap(({ path, facts }) => ofServerless(program, path, facts)),
    ...project.artefactsOf('sam').flatMap(({ path, facts }) => ofSam(program, path, facts)),
  ];
}

function ofServerless(program: Program, path: string, { provider, functions }: ServerlessFacts): FunctionEndpoint[] {
  if (provider.name?.value != null && provider.name.value !== 'aws') return [];
  return functions.flatMap(fn => {
    const runtime = fn.runtime ?? provider.runtime;
    if (runtime?.value != null && !runtime.value.startsWith('nodejs')) return [];
    const found = functionAt(program, folderOf(path), fn.handler);
    if (!runtime && !found) return [];
    return fn.events
      .filter(({ type }) => type.value === 'http' || type.value === 'httpApi')
      .map(event => endpointOf(path, event, gateOfServerless(event), found, fn.name.value));
  });
}

function gateOfServerless({ authorizer, private: metered }: FunctionEvent): Gate {
  if (authorizer) return authorizer.name && !isLiteral(authorizer.name) ? 'unknown' : 'checked';
  return metered?.value === true ? 'metered' : metered?.value === null ? 'unknown' : 'open';
}

function ofSam(program: Program, path: string, facts: SamFacts): FunctionEndpoint[] {
  return facts.functions.flatMap(fn => {
    const runtime = fn.runtime ?? facts.globals.runtime;
    if (runtime?.value != null && !runtime.value.startsWith('nodejs')) return [];
    const found = samFunction(program, path, facts, fn);
    if (!runtime && !found) return [];
    return fn.events
      .filter(({ type }) => type.value === 'Api' || type.value === 'HttpApi')
      .map(event => endpointOf(path, event, gateOfSam(facts, event), found, fn.id.value));
  });
}

function samFunction(
  program: Program,
  path: string,
  { globals }: SamFacts,
  { codeUri = globals.codeUri, handler = globals.handler }: SamFunction,
): Found | undefined {
  const folder = posix.join(folderOf(path), codeUri?.value ?? '');
  return codeUri?.value === null ? undefined : functionAt(program, folder, handler);
}

/** The event's own word, else the default of the API it names, else the one of all APIs. */
function gateOfSam(facts: SamFacts, event: SamFacts['functions'][number]['events'][number]): Gate {
  const { authorizer, auth } = event;
  if (authorizer) return authorizer.name?.value === 'NONE' ? 'open' : 'checked';
  const named = apiOf(event);
  const api = facts.apis.find(one => one.id.value === named);
  if (named !== undefined && !api) return 'unknown';
  const fallback: Setting | undefined = api ? api.defaultAuthorizer : facts.globals.defaultAuthorizer;
  if (fallback) return fallback.value === null ? 'unknown' : 'checked';
  return auth && get(auth, 'ApiKeyRequired') ? 'metered' : 'open';
}

/** `RestApiId: !Ref Api`, in either notation; '' for a reference that cannot be read. */
function apiOf({ node }: FunctionEvent): string | undefined {
  const given = get(node, 'RestApiId') ?? get(node, 'ApiId');
  if (!given) return undefined;
  const inner = given.kind === 'map' ? get(given, 'Ref') : given;
  return inner?.kind === 'scalar' ? String(inner.value).replace(/^!Ref\s+/, '') : '';
}

/** The address of its own that a function has, apart from the gateway. */
export interface FunctionUrl {
  readonly name: string;
  readonly gate: Gate;
  readonly span: Span;
  /** Undefined where a wrapper may act before it. */
  readonly func: FuncValue | undefined;
}

export function functionUrls(program: Program): FunctionUrl[] {
  const { project } = program;
  const plain = (found: Found | undefined): FuncValue | undefined => (found?.direct ? found.func : undefined);
  return [
    ...project.artefactsOf('serverless').flatMap(({ path, facts }) =>
      facts.functions.flatMap(({ name, url, handler }): FunctionUrl[] => {
        if (!url) return [];
        const span = { file: path, start: url.start, end: url.end };
        const func = plain(functionAt(program, folderOf(path), handler));
        return [{ name: name.value, gate: gateOfUrl(url.authorizer), span, func }];
      }),
    ),
    ...project.artefactsOf('sam').flatMap(({ path, facts }) =>
      facts.functions.flatMap((fn): FunctionUrl[] => {
        const { id, functionUrl } = fn;
        if (!functionUrl) return [];
        const at = functionUrl.authType ?? functionUrl;
        const span = { file: path, start: at.start, end: at.end };
        return [
          {
            name: id.value,
            gate: gateOfUrl(functionUrl.authType),
            span,
            func: plain(samFunction(program, path, facts, fn)),
          },
        ];
      }),
    ),
  ];
}

function gateOfUrl(authorizer: Setting | undefined): Gate {
  if (!authorizer || authorizer.value === 'NONE') return 'open';
  return authorizer.value === null || !isLiteral(authorizer) ? 'unknown' : 'checked';
}

function endpointOf(
  path: string,
  event: FunctionEvent,
  gate: Gate,
  found: Found | undefined,
  name: string,
): FunctionEndpoint {
  const method = event.method?.value?.toUpperCase();
  const at = event.path ?? event.type;
  return {
    path,
    method: method === undefined || method === '*' || method === 'ANY' ? 'ALL' : method,
    route: event.path && isLiteral(event.path) ? (event.path.value ?? undefined) : undefined,
    gate,
    authorizer: event.authorizer && { file: path, start: event.authorizer.start, end: event.authorizer.end },
    span: { file: path, start: at.start, end: at.end },
    func: found?.func,
    direct: found?.direct ?? false,
    event,
    function: name,
  };
}
