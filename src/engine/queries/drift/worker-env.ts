import { folderOf, isInside } from '../../../common/path.ts';
import { blocksOf, eachChild, exprsOf, isExpr } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { WranglerBinding, WranglerFacts } from '../../model/artefacts/serverless.ts';
import type { ClassFact, Expr, FileFacts, FunctionFact, Stmt, TypeRef } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A member of a worker's environment, with every place that reads it. */
export interface EnvMember {
  readonly name: string;
  /** Places that use it as an object, as only a binding can be. */
  readonly asObject: readonly { readonly span: Span; readonly method: string }[];
  readonly asText: readonly Span[];
  /** Checked for, assigned by code, or optional in its type. */
  readonly optional: boolean;
  /** The binding type its declared type names, e.g. `KVNamespace`. */
  readonly type: string | undefined;
}

/** A worker: its configuration, and what its code reads from the environment. */
export interface WorkerEnv {
  readonly path: string;
  readonly facts: WranglerFacts;
  readonly members: readonly EnvMember[];
  /** Names that the configuration or a file with local secrets declares for the top level. */
  readonly declared: ReadonlySet<string>;
}

const ENV_TYPE = /^(?:Cloudflare\.)?(?:Env|CloudflareEnv|CloudflareBindings|Bindings|WorkerEnv|Environment)$/;
const ENTRY_METHODS = new Set(['fetch', 'scheduled', 'queue', 'email', 'tail']);
const ENTRY_CLASSES =
  /^(?:WorkerEntrypoint|DurableObject|WorkflowEntrypoint|Agent|McpAgent|AIChatAgent|Container|Server|Workflow)$/;
/** Methods and properties of bindings that no string has. */
const OF_OBJECTS =
  /^(?:get|getWithMetadata|put|delete|list|head|createMultipartUpload|prepare|batch|exec|dump|withSession|fetch|send|sendBatch|idFromName|idFromString|newUniqueId|getByName|jurisdiction|run|connectionString|query|upsert|insert|getByIds|writeDataPoint|create|limit|input|connect)$/;
const OF_STRINGS = new Set(['at', 'concat', 'normalize']);
const BINDING_TYPES =
  /^(?:KVNamespace|D1Database|R2Bucket|DurableObjectNamespace|Queue|Fetcher|Service|Hyperdrive|Ai|Vectorize|VectorizeIndex|AnalyticsEngineDataset|Workflow|BrowserWorker|ImagesBinding|RateLimit|SendEmail|SecretsStoreSecret|DispatchNamespace)$/;

export function workerEnvs(model: Model): readonly WorkerEnv[] {
  const { project } = model;
  const configs = project
    .artefactsOf('wrangler')
    .filter(({ path, facts }) => model.isJudged(path) && facts.problems.length === 0 && facts.main !== undefined);
  const folders = [...new Set(configs.map(({ path }) => folderOf(path)))].sort((a, b) => b.length - a.length);
  const filesOf = new Map<string, FileFacts[]>();
  for (const facts of project.sources.values()) {
    const owner = folders.find(folder => isInside(folder, folderOf(facts.path)));
    if (owner === undefined) continue;
    const list = filesOf.get(owner) ?? [];
    list.push(facts);
    filesOf.set(owner, list);
  }
  return configs.flatMap(({ path, facts }) => {
    const folder = folderOf(path);
    // Several configurations in one folder share its code; which code belongs to which is not known.
    if (configs.filter(one => folderOf(one.path) === folder).length > 1) return [];
    const files = filesOf.get(folder) ?? [];
    return [{ path, facts, members: membersOf(model, files), declared: declaredNames(model, folder, facts) }];
  });
}

function declaredNames({ project }: Model, folder: string, facts: WranglerFacts): Set<string> {
  const names = new Set([facts, ...facts.environments].flatMap(section => section.bindings.map(nameOf)));
  for (const { path, facts: file } of project.artefactsOf('env-file'))
    if (folderOf(path) === folder) for (const { name } of file.variables) names.add(name.value);
  return names;
}

export function nameOf({ name }: WranglerBinding): string {
  return name.value ?? '';
}

interface Collected {
  asObject: EnvMember['asObject'][number][];
  asText: Span[];
  optional: boolean;
}

function membersOf(model: Model, files: readonly FileFacts[]): EnvMember[] {
  const found = new Map<string, Collected>();
  const at = (name: string): Collected => {
    const known = found.get(name) ?? { asObject: [], asText: [], optional: false };
    found.set(name, known);
    return known;
  };
  const types = new Map<string, string>();
  for (const facts of files) {
    for (const { name, members, t } of facts.types) {
      if (!ENV_TYPE.test(name)) continue;
      for (const { n, opt, t: type } of members ?? t?.members ?? []) {
        if (opt || type?.union?.some(one => one.n === 'undefined')) at(n).optional = true;
        if (type && BINDING_TYPES.test(type.n)) types.set(n, type.n);
      }
    }
    if (!model.isJudged(facts.path) || facts.generated) continue;
    for (const fn of facts.functions) readsIn(facts, fn, at);
  }
  return [...found].map(([name, one]) => ({ name, ...one, type: types.get(name) }));
}

/** What stands around an expression, as far as it says how a value is used. */
type Around = { readonly k: 'test' } | { readonly k: 'target' } | { readonly k: 'expr'; readonly e: Expr } | undefined;

function readsIn(facts: FileFacts, fn: FunctionFact, at: (name: string) => Collected): void {
  const visit = (e: Expr, around: Around): void => {
    if (e.k === 'mem' && isEnv(facts, fn, e.o)) note(e, around);
    eachChild(e, child => visit(child, aroundOf(e, child)));
  };
  const note = (e: Expr & { k: 'mem' }, around: Around): void => {
    const one = at(e.n);
    const span: Span = { file: facts.path, start: e.np[0], end: e.np[1] };
    if (around?.k === 'test' || around?.k === 'target') one.optional = true;
    else if (around?.k === 'expr' && around.e.k === 'mem') {
      if (around.e.opt) one.optional = true;
      else if (OF_OBJECTS.test(around.e.n) && !OF_STRINGS.has(around.e.n))
        one.asObject.push({ span, method: around.e.n });
      else one.asText.push(span);
    } else one.asText.push(span);
  };
  const statements = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      for (const e of exprsOf(stmt)) visit(e, stmt.k === 'if' && e === stmt.t ? { k: 'test' } : undefined);
      for (const block of blocksOf(stmt)) statements(block);
    }
  };
  statements(fn.body);
}

function aroundOf(e: Expr, child: Expr): Around {
  if (e.k === 'log' || e.k === 'un' || e.k === 'bin' || (e.k === 'cond' && child === e.t)) return { k: 'test' };
  if (e.k === 'assign' && isExpr(e.l) && child === e.l) return { k: 'target' };
  return { k: 'expr', e };
}

/** Whether an expression is the environment object that the platform hands to a worker. */
function isEnv(facts: FileFacts, fn: FunctionFact, e: Expr): boolean {
  if (e.k === 'as') return !e.t && isEnv(facts, fn, e.e);
  if (e.k === 'id') {
    if (e.s === 0)
      return facts.imports.some(one => one.local === e.n && one.module === 'cloudflare:workers' && one.name === 'env');
    return e.n === 'env' && isEnvParam(facts.functions[e.s]);
  }
  if (e.k !== 'mem' || e.n !== 'env') return false;
  const { o } = e;
  if (o.k === 'this') return isEntryClass(facts, fn);
  if (o.k === 'mem') return o.n === 'cloudflare';
  return o.k === 'id' && /^(?:c|ctx|context)$/.test(o.n) && facts.imports.some(one => /^hono(?:\/|$)/.test(one.module));
}

function isEnvParam(owner: FunctionFact | undefined): boolean {
  return (owner?.params ?? []).some(({ pat, t }, position) => {
    if (pat.k !== 'pid' || pat.n !== 'env') return false;
    return t ? isEnvType(t) : position === 1 && ENTRY_METHODS.has(owner!.name);
  });
}

function isEnvType({ n, args }: TypeRef): boolean {
  return ENV_TYPE.test(n) || (/^(?:Readonly|Required)$/.test(n) && args?.[0] !== undefined && isEnvType(args[0]));
}

function isEntryClass({ classes, functions }: FileFacts, fn: FunctionFact): boolean {
  let at: FunctionFact | undefined = fn;
  while (at && at.cls === undefined && at.parent > 0) at = functions[at.parent];
  const cls: ClassFact | undefined = at?.cls === undefined ? undefined : classes[at.cls];
  const name = cls?.ext?.k === 'id' ? cls.ext.n : cls?.ext?.k === 'call' && cls.ext.f.k === 'id' ? cls.ext.f.n : '';
  return ENTRY_CLASSES.test(name);
}
