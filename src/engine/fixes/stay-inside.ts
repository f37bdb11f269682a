import type { Reaching } from '../flow/findings.ts';
import { bindingsOf, blocksOf } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { Env } from '../link/values.ts';
import type { Expr, ExprOf, FunctionFact, Pos, Stmt } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import { expressionAt } from '../queries/expression-at.ts';
import type { FixContext, FixDraft } from '../rules/rule.ts';
import { isUsed } from './body-schema.ts';
import { hoistable } from './hoist.ts';
import { endpointOf, refusal } from './refusal.ts';
import { insertImport } from './source-import.ts';
import { addArgument, mergeArgument } from './source-object.ts';
import { insertAfter, insertBefore } from './source-statement.ts';
import { edit, styleOf, uncast } from './source-style.ts';

/** A path that is put together of a folder and a name. */
interface Joined {
  readonly e: Expr;
  /** The folder, and the rest where it stands by itself. */
  readonly root: Expr;
  readonly name?: Expr;
  /** What `join` is called by: a name of its own, or a member of the module. */
  readonly by?: ExprOf<'call'>['f'];
}

/** Keeps a path in the folder it begins with: by the answer's own root, or by a check in the handler that refuses. */
export function stayInside(model: Model, { flow: { sink } }: Reaching): FixDraft[] {
  const { file } = sink.arg;
  const found = expressionAt(model, sink.arg);
  const fn = found?.env.fn;
  const endpoint = fn && endpointOf(model, fn);
  if (!found || !fn || !endpoint) return [];
  const direct = joinedAt(fn, found.e);
  const call = expressionAt(model, sink.call)?.e;
  if (direct?.name && call?.k === 'call' && call.f.k === 'mem' && call.f.n === 'sendFile' && call.a[0] === found.e)
    return [draft('Send it from its folder only', context => fromRoot(context, file, call, direct))];
  const own = direct ? undefined : declared(found.env, found.e);
  const joined = direct ?? own?.joined;
  if (!joined) return [];
  return [
    draft('Refuse what leaves the folder', context => {
      const source = context.text(file);
      const facts = model.project.sources.get(file);
      const refused = source === undefined || !facts ? undefined : refusal(file, source, facts, endpoint);
      if (source === undefined || !facts || !refused || source[fn.p[1] - 1] !== '}') return undefined;
      const path = pathFunctions(file, source, context, joined);
      const statement = own?.statement ?? statementAt(fn.body, joined.e.p);
      const inner = facts.functions.filter(one => one.p[0] >= fn.p[0] && one.p[1] <= fn.p[1]);
      const name = own?.name ?? ['file', 'fullPath', 'target'].find(word => !inner.some(one => isUsed(one, word)));
      if (!path || !statement || name === undefined) return undefined;
      const { semicolon, indent } = styleOf(source);
      const written = source.slice(...joined.e.p);
      const isResolved = joined.by && (joined.by.k === 'mem' || joined.by.k === 'id') && joined.by.n === 'resolve';
      const full = isResolved ? written : `${path.resolve}(${written})`;
      const root = `${path.resolve}(${source.slice(...joined.root.p)})`;
      const check = [
        `if (!${name}.startsWith(${root} + ${path.sep})) {`,
        ...refused.lines.map(line => indent + line),
        '}',
      ];
      const edits = own
        ? [edit(file, joined.e.p, full), insertAfter(file, source, statement, check)]
        : [
            edit(file, joined.e.p, name),
            insertBefore(file, source, statement, [`const ${name} = ${full}${semicolon}`, ...check]),
          ];
      const whole = edits.filter(one => one !== undefined);
      return whole.length === edits.length ? [...path.edits, ...refused.edits, ...whole] : undefined;
    }),
  ];
}

function draft(title: string, edits: (context: FixContext) => TextEdit[] | undefined): FixDraft {
  return {
    title,
    kind: 'auto',
    change: context => {
      const found = edits(context);
      return found && { edits: found, newFiles: [] };
    },
  };
}

function fromRoot({ text }: FixContext, file: string, call: ExprOf<'call'>, joined: Joined): TextEdit[] | undefined {
  const source = text(file);
  const second = call.a[1];
  if (source === undefined || !joined.name) return undefined;
  const root = source.slice(...joined.root.p);
  const named = edit(file, joined.e.p, source.slice(...joined.name.p));
  const property = { name: 'root', value: root };
  if (second?.k === 'fn') return [named, edit(file, [second.p[0], second.p[0]], `{ root: ${root} }, `)];
  if (second) {
    const isOther = second.k !== 'obj' || second.props.some(one => one.k === 'spread');
    const set = isOther ? undefined : mergeArgument(file, source, call, 1, [property]);
    return set && [named, ...set];
  }
  const added = root === 'root' ? '{ root }' : `{ root: ${root} }`;
  const last = addArgument(file, source, call, added);
  return last && [edit(file, [joined.e.p[0], last.span.end], named.text + last.text)];
}

/** `join(folder, name)`, or a text that begins with a folder. */
function joinedAt(fn: FunctionFact, at: Expr): Joined | undefined {
  const e = uncast(at);
  if (e.k === 'call' && (e.f.k === 'mem' || e.f.k === 'id') && /^(?:join|resolve)$/.test(e.f.n)) {
    const [root, name, ...others] = e.a;
    if (!root || !name || name.k === 'spread' || !isFolder(fn, root)) return undefined;
    return { e, root, by: e.f, ...(others.length ? {} : { name }) };
  }
  if (e.k !== 'tpl' || e.tag) return undefined;
  const [first, second, third] = e.parts;
  // An empty text in front is left out, or stands there by itself.
  const root = first === '' ? second : first;
  const after = first === '' ? third : second;
  const begins = typeof root === 'object' && typeof after === 'string' && after.startsWith('/');
  return begins && isFolder(fn, root) ? { e, root } : undefined;
}

/** Known before anybody asks: nothing of the function's own. */
function isFolder(fn: FunctionFact, e: Expr): boolean {
  return e.k !== 'fn' && hoistable(fn, e);
}

interface Declared {
  readonly joined: Joined;
  readonly name: string;
  readonly statement: Stmt;
}

/** The constant of the function that an argument names. */
function declared({ fn }: Env, at: Expr): Declared | undefined {
  const e = uncast(at);
  if (e.k !== 'id' || e.s !== fn.id) return undefined;
  const [source, ...others] = bindingsOf(fn).get(e.n)?.sources ?? [];
  const joined = source?.from && others.length === 0 && source.path.length === 0 && joinedAt(fn, source.from);
  const statement = joined ? statementAt(fn.body, joined.e.p) : undefined;
  return joined && statement?.k === 'let' && statement.kind === 'const' ? { joined, name: e.n, statement } : undefined;
}

/** The innermost statement that holds a range. */
function statementAt(body: readonly Stmt[], [start, end]: Pos): Stmt | undefined {
  const own = body.find(one => one.p[0] <= start && end <= one.p[1]);
  const inside = own && blocksOf(own).map(block => statementAt(block, [start, end]));
  return inside?.find(one => one !== undefined) ?? own;
}

function pathFunctions(
  file: string,
  source: string,
  { model }: FixContext,
  { by }: Joined,
): { resolve: string; sep: string; edits: readonly TextEdit[] } | undefined {
  const facts = model.project.sources.get(file);
  if (by?.k === 'mem') {
    const owner = source.slice(...by.o.p);
    return { resolve: `${owner}.resolve`, sep: `${owner}.sep`, edits: [] };
  }
  if (!facts) return undefined;
  if (by) {
    const [resolve, sep] = ['resolve', 'sep'].map(name => insertImport(file, source, facts, { module: PATH, name }));
    return resolve && sep && { resolve: resolve.local, sep: sep.local, edits: [...resolve.edits, ...sep.edits] };
  }
  const whole = insertImport(file, source, facts, { module: PATH, name: 'default', local: 'path' });
  return whole && { resolve: `${whole.local}.resolve`, sep: `${whole.local}.sep`, edits: whole.edits };
}

const PATH = 'node:path';
