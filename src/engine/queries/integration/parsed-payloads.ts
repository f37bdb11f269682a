import { callsIn } from '../../link/call-index.ts';
import type { ChainLink, Endpoint } from '../../link/endpoint.ts';
import { evaluate } from '../../link/evaluate.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { requestPart } from '../../link/request-value.ts';
import type { Env } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A check of a signature that gets something else than the bytes that were signed. */
export interface ParsedPayload {
  readonly operation: Operation;
  /** The expression that is checked. */
  readonly payload: Expr;
  readonly span: Span;
  readonly how: 'parsed' | 'stringified';
  readonly endpoint: Endpoint;
  /** The step that parses the body before the handler, where there is one. */
  readonly parser: Operation | undefined;
}

/** Providers that sign the bytes of the body and nothing made from it. */
const BYTES = new Set(['stripe', 'svix', 'openai', 'paddle', 'github', 'discord']);
/** JSON put together anew is what these sign in practice. */
const LENIENT = new Set(['github']);

export function parsedPayloads(model: Model): ParsedPayload[] {
  const { program, reached, operations } = model;
  return operations('signature-verify').flatMap((operation): ParsedPayload[] => {
    const { payload } = operation.args;
    const provider = String(operation.is['provider']);
    const endpoint = reached.get(operation.fn)?.endpoints[0];
    if (!payload || !endpoint || endpoint.partial !== undefined || !BYTES.has(provider)) return [];
    const place = definition(program, { env: payload.env, expr: payload.expr });
    const inner = stringified(place.expr);
    const how = inner ? 'stringified' : 'parsed';
    if (inner && LENIENT.has(provider)) return [];
    const source = bodyOf(program, place.env, inner ?? payload.expr);
    if (!source) return [];
    const parser = source === 'json' ? undefined : parserOf(model, endpoint);
    // Left to the framework: Fastify parses JSON unless it is told otherwise.
    const isParsed = source === 'json' || parser !== undefined || parsesItself(model, endpoint);
    return isParsed ? [{ operation, payload: payload.expr, span: payload.span, how, endpoint, parser }] : [];
  });
}

/** `JSON.stringify(x)`: what is inside. */
function stringified(e: Expr): Expr | undefined {
  if (e.k === 'as' || e.k === 'await') return stringified(e.e);
  const isStringify =
    e.k === 'call' && e.f.k === 'mem' && e.f.n === 'stringify' && e.f.o.k === 'id' && e.f.o.n === 'JSON';
  return isStringify ? e.a[0] : undefined;
}

/** Whether an expression is the whole body: parsed for certain by `json()`, or whatever the parsers made of it. */
function bodyOf(program: Model['program'], env: Env, e: Expr): 'json' | 'body' | undefined {
  const value = evaluate(program, env, e);
  if (value.k !== 'api' || requestPart(program, value) !== 'body') return undefined;
  if (/\bjson\(\)$/.test(value.path)) return 'json';
  return /[#.]body$/.test(value.path) ? 'body' : undefined;
}

/** The first parser before a handler, if it is one for JSON: the ones behind it find nothing left to read. */
function parserOf(model: Model, { chain }: Endpoint): Operation | undefined {
  const parsers = model.operations('body-parser');
  for (const link of chain) {
    const parser = parsers.find(({ site }) => isMadeBy(link, site.call));
    if (!parser) continue;
    const takesForms = /urlencoded|text/.test(parser.callee);
    if (takesForms) continue;
    const isJson = !/raw/.test(parser.callee) && !link.roles.includes('unknown');
    const options = parser.site.call.a[0];
    // Another type of content, and it may not be meant for this route.
    const isBound =
      options !== undefined &&
      (options.k !== 'obj' || options.props.some(prop => prop.k !== 'prop' || prop.n === 'type'));
    return isJson && !isBound ? parser : undefined;
  }
  return undefined;
}

function isMadeBy({ value }: ChainLink, call: Expr): boolean {
  return value.k === 'api' && value.made?.call === call;
}

function parsesItself({ project, program }: Model, { framework, unit, chain }: Endpoint): boolean {
  if (!program.adapters.byId(framework)?.parsesJson || chain.some(({ roles }) => roles.includes('unknown')))
    return false;
  for (const [path, facts] of project.sources) {
    if ((project.packageOf(path)?.folder ?? '') !== unit) continue;
    if (facts.dependencies.some(({ module }) => /raw-?body/.test(module))) return false;
    for (const fn of facts.functions)
      for (const { call } of callsIn(fn)) if (call.f.k === 'mem' && /ContentTypeParsers?$/.test(call.f.n)) return false;
  }
  return true;
}
