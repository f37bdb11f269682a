import type { Endpoint } from '../../link/endpoint.ts';
import { eachExprIn, eachStmt, innerFunctions } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { alternatives, type FuncValue, type Value } from '../../link/values.ts';

/** A socket for subscriptions that lets anyone in, beside a server that asks who is calling. */
export interface OpenSocket {
  readonly operation: Operation;
  /** Fields that anyone may subscribe to. */
  readonly open: readonly Endpoint[];
  /** What the same service asks about the caller for. */
  readonly guarded: Endpoint;
  /** Some function runs when a socket opens, but it looks at nothing that the caller sent. */
  readonly ignores: boolean;
}

/** Where a library asks the project about a new socket or about each subscription on it. */
const HOOKS = ['onConnect', 'onSubscribe', 'onOperation', 'onOpen', 'verifyClient', 'context', 'handleProtocols'];
/** Options of a server that hold those of its sockets, by library. */
const NESTED = ['graphql-ws', 'subscriptions-transport-ws'];

export function openSockets(model: Model): OpenSocket[] {
  const sockets = [...model.operations('graphql-socket').flatMap(ownOptions), ...serverSockets(model)];
  return sockets.flatMap(({ operation, options }) => {
    const state = hooksOf(model, options);
    if (state === 'asks' || asksBefore(model, operation)) return [];
    const folder = folderOf(model, operation.file);
    const fields = model.fields.filter(one => one.protocol === 'graphql' && folderOf(model, one.span.file) === folder);
    const open = fields.filter(isOpen);
    const guarded =
      fields.find(one => one.method !== 'SUBSCRIPTION' && one.auth === 'yes') ??
      model.endpoints.find(one => one.auth === 'yes' && folderOf(model, one.span.file) === folder);
    if (open.length === 0 || !guarded) return [];
    return [{ operation, open, guarded, ignores: state === 'ignores' }];
  });
}

function folderOf({ project }: Model, file: string): string {
  return project.packageOf(file)?.folder ?? '';
}

interface Socket {
  readonly operation: Operation;
  readonly options: Value;
}

function ownOptions(operation: Operation): Socket[] {
  const options = operation.args['options']?.value;
  return options ? [{ operation, options }] : [];
}

/** Sockets that an option of the server itself opens. */
function serverSockets(model: Model): Socket[] {
  return model.operations('graphql-server').flatMap(operation => {
    const options = operation.args['options']?.value;
    if (options?.k !== 'object') return [];
    const stated = options.props.get('subscriptions') ?? options.props.get('subscription');
    if (!stated || (stated.k === 'const' && !stated.v)) return [];
    if (stated.k !== 'object') return [{ operation, options: stated }];
    const nested = NESTED.flatMap(name => stated.props.get(name) ?? []);
    return (nested.length > 0 ? nested : [stated]).map(one => ({ operation, options: one }));
  });
}

/** Whether functions among a socket's options look at what the caller sent, or may do so. */
function hooksOf(model: Model, options: Value): 'asks' | 'ignores' | 'none' {
  if (options.k === 'const') return options.v === true || typeof options.v === 'string' ? 'none' : 'asks';
  if (options.k !== 'object' || options.open) return 'asks';
  const hooks = HOOKS.flatMap(name => options.props.get(name) ?? []);
  if (hooks.length === 0) return 'none';
  return hooks.some(hook => alternatives(hook).some(one => one.k !== 'func' || looks(model, one))) ? 'asks' : 'ignores';
}

/** A function that reads a parameter, turns somebody away or hands its arguments on. */
function looks({ program }: Model, { file, fn }: FuncValue): boolean {
  const facts = program.units.get(file)?.facts;
  let found = !facts || fn.params.some(({ rest }) => rest);
  for (const one of facts ? [fn, ...innerFunctions(facts, fn)] : []) {
    eachStmt(one.body, stmt => {
      if (stmt.k === 'throw' || (stmt.k === 'ret' && stmt.e?.k === 'bool' && !stmt.e.v)) found = true;
    });
    eachExprIn(one, e => {
      if (e.k === 'id' && e.s === fn.id && fn.params.length > 0 && isParam(fn, e.n)) found = true;
    });
  }
  return found;
}

function isParam({ params }: FuncValue['fn'], name: string): boolean {
  return params.some(({ pat }) => (pat.k === 'pid' ? pat.n === name : true));
}

/** Whether the file handles the upgrade itself or lets the socket library verify clients. */
function asksBefore({ program }: Model, { file }: Operation): boolean {
  let found = false;
  for (const fn of program.units.get(file)?.facts.functions ?? [])
    eachExprIn(fn, e => {
      if (e.k === 'str' && e.v === 'upgrade') found = true;
      if (e.k === 'obj' && e.props.some(prop => prop.k === 'prop' && prop.n === 'verifyClient')) found = true;
    });
  return found;
}

/** What stands before the server's HTTP route is not asked on a socket; what belongs to the field is. */
function isOpen({ method, chain, auth, partial, isPublic, handler }: Endpoint): boolean {
  if (method !== 'SUBSCRIPTION' || partial !== undefined || isPublic !== undefined || !handler) return false;
  if (auth === 'unknown') return false;
  return !chain.some(
    ({ roles, via }) =>
      roles.some(role => role === 'authenticates' || role === 'authorizes' || role === 'verifies-token') &&
      !/^use\(|hook$/.test(via),
  );
}
