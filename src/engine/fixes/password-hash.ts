import { eachExpr, eachExprIn, eachStmt } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { Operation } from '../link/operations.ts';
import type { Expr, FileFacts } from '../model/facts.ts';
import type { WeakHash } from '../queries/security/passwords.ts';
import type { FixDraft } from '../rules/rule.ts';
import { type ImportResult, insertImport } from './source-import.ts';
import { edit } from './source-style.ts';

const LIBRARIES = [
  { module: 'argon2', options: '' },
  { module: 'bcrypt', options: ', 12' },
  { module: 'bcryptjs', options: ', 12' },
];

/**
 * Hashes a password with the library that the package depends on. Only in async functions, for a password on its own
 * that goes into a row, and where no other code of the package compares fast digests: it would never match again.
 */
export function hashSlowly(model: Model, { operation }: WeakHash, all: readonly WeakHash[]): FixDraft[] {
  const { file, fn, args, is } = operation;
  const input = args['input']?.expr;
  const library = LIBRARIES.find(one => model.project.dependsOn(file, one.module));
  const digest = storedDigest(model, operation);
  if (!fn.async || is['hmac'] || !library || !digest || (input?.k !== 'id' && input?.k !== 'mem')) return [];
  const owner = model.project.packageOf(file);
  const others = all.filter(one => one.problem === 'fast' && model.project.packageOf(one.operation.file) === owner);
  if (others.some(one => !storedDigest(model, one.operation))) return [];
  return [
    {
      title: `Hash the password with ${library.module}`,
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        const loaded = source === undefined || !facts ? undefined : load(model, file, source, facts, library.module);
        if (source === undefined || !loaded) return undefined;
        const hashed = `await ${loaded.local}.hash(${source.slice(input.p[0], input.p[1])}${library.options})`;
        return { edits: [...loaded.edits, edit(file, digest.p, hashed)], newFiles: [] };
      },
    },
  ];
}

/** The digest as text, if all that is done with it is to write it into a row. */
function storedDigest(model: Model, { file, fn, site }: Operation): Expr | undefined {
  const rows = model.operations('db', 'sql').flatMap(one => {
    if (one.file !== file || one.fn !== fn) return [];
    const action = String(one.is['action']);
    const written = action === 'create' || action === 'update' ? one.args['data'] : undefined;
    const value = written ?? (action === 'create' ? one.args['values'] : undefined);
    return value ? [value.expr] : [];
  });
  for (const row of rows) {
    const found = digestIn(row, site.call);
    if (found) return found;
  }
  let declared: { readonly name: string; readonly digest: Expr } | undefined;
  eachStmt(fn.body, stmt => {
    if (stmt.k !== 'let' || stmt.kind !== 'const' || stmt.pat.k !== 'pid' || !stmt.v) return;
    if (isDigest(stmt.v, site.call)) declared = { name: stmt.pat.n, digest: stmt.v };
  });
  if (!declared) return undefined;
  const { name, digest } = declared;
  let uses = 0;
  let kept = 0;
  const isIt = (e: Expr): boolean => e.k === 'id' && e.n === name && e.s === fn.id;
  for (const one of site.env.unit.facts.functions)
    eachExprIn(one, e => {
      if (isIt(e)) uses++;
    });
  for (const row of rows)
    eachExpr(row, e => {
      if (isIt(e)) kept++;
    });
  return kept > 0 && kept === uses ? digest : undefined;
}

function digestIn(row: Expr, call: Expr): Expr | undefined {
  let found: Expr | undefined;
  const look = (value: Expr): void => {
    if (isDigest(value, call)) found = value;
  };
  eachExpr(row, e => {
    if (e.k === 'obj') for (const { v } of e.props) look(v);
    if (e.k === 'arr') e.e.forEach(look);
  });
  return found;
}

/** `createHash(…).update(x).digest('hex')`: a text, not a buffer. */
function isDigest(e: Expr, call: Expr): boolean {
  return e.k === 'call' && e.f.k === 'mem' && e.f.n === 'digest' && e.a[0]?.k === 'str' && e.f.o === call;
}

/** The library as the file, or else another one, imports it. */
function load(model: Model, file: string, source: string, facts: FileFacts, module: string): ImportResult | undefined {
  const own = wholeImport(facts, module);
  if (own) return { local: own.local, edits: [] };
  let name = 'default';
  for (const other of model.project.sources.values()) name = wholeImport(other, module)?.name ?? name;
  return insertImport(file, source, facts, { module, name, local: module.replace(/js$/, '') });
}

function wholeImport({ imports }: FileFacts, module: string): FileFacts['imports'][number] | undefined {
  return imports.find(one => one.module === module && !one.typeOnly && (one.name === 'default' || one.name === '*'));
}
