import type { FileFacts, ImportFact, Pattern } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import { namesOf } from '../queries/loops.ts';
import { edit, quoted, styleOf } from './source-style.ts';

export interface ImportWish {
  readonly module: string;
  /** The exported name, 'default', or '*'. */
  readonly name: string;
  /** What to call it where it is not imported yet; a named import keeps its name. */
  readonly local?: string;
}

export interface ImportResult {
  /** What the name is called in this file, e.g. `randomBytes` or `crypto.randomBytes`. */
  readonly local: string;
  readonly edits: readonly TextEdit[];
}

/** Makes a name of a module available in a file: through what is imported already, else by an import in the file's style. */
export function insertImport(
  file: string,
  text: string,
  facts: FileFacts,
  asked: ImportWish,
): ImportResult | undefined {
  const wish = { ...asked, module: asSpelled(facts, asked.module) };
  const known = existing(facts, wish);
  if (known !== undefined) return { local: known, edits: [] };
  const local = wish.local ?? wish.name;
  if (isTaken(facts, local)) return undefined;
  const statement = isCommonJs(file, facts) ? requireText(text, wish, local) : importText(text, wish, local);
  const named = facts.imports.filter(one => !one.typeOnly && sameModule(one.module, wish.module) && isNamed(one));
  const last = named.at(-1);
  if (last && isNamed({ name: wish.name }) && !isTypeImport(text, last))
    return { local, edits: [edit(file, [last.p[1], last.p[1]], `, ${nameAs(wish.name, local)}`)] };
  const pattern = isCommonJs(file, facts) ? requiredNames(facts, wish.module) : undefined;
  const bound = isNamed({ name: wish.name }) ? pattern?.props.at(-1) : undefined;
  if (bound && !pattern?.rest) {
    const at = bound.d?.p[1] ?? bound.v.p[1];
    return { local, edits: [edit(file, [at, at], `, ${wish.name === local ? local : `${wish.name}: ${local}`}`)] };
  }
  return { local, edits: [addStatement(file, text, facts, statement)] };
}

/** The names that `const { … } = require(module)` takes out of a module. */
function requiredNames({ functions }: FileFacts, module: string): (Pattern & { readonly k: 'pobj' }) | undefined {
  const loads = (functions[0]?.body ?? []).flatMap(stmt => {
    if (stmt.k !== 'let' || stmt.pat.k !== 'pobj' || stmt.v?.k !== 'call') return [];
    const [specifier] = stmt.v.f.k === 'id' && stmt.v.f.n === 'require' ? stmt.v.a : [];
    return specifier?.k === 'str' && sameModule(specifier.v, module) ? [stmt.pat] : [];
  });
  return loads.at(-1);
}

/** Modules of Node itself that backends load most. */
const BUILT_IN =
  /^(?:assert|buffer|child_process|crypto|dns|events|fs|https?|net|os|path|querystring|stream|url|util|zlib)(?:\/|$)/;

/** A module of Node itself without `node:` where the file never writes it. */
function asSpelled({ dependencies }: FileFacts, module: string): string {
  const plain = module.replace(/^node:/, '');
  const isOwn = dependencies.some(one => one.module.startsWith('node:'));
  return !isOwn && dependencies.some(one => BUILT_IN.test(one.module)) ? plain : module;
}

/** Adds a line with the file's other imports; `first` puts it in front of them. */
export function addStatement(file: string, text: string, facts: FileFacts, statement: string, first = false): TextEdit {
  const { eol } = styleOf(text);
  const places = loads(facts);
  const place = first ? places[0] : places.at(-1);
  if (place && first) return edit(file, [place[0], place[0]], statement + eol);
  if (place) {
    const lineEnd = text.indexOf('\n', place[1]);
    const at = lineEnd === -1 ? text.length : lineEnd + 1;
    return edit(file, [at, at], (lineEnd === -1 ? eol : '') + statement + eol);
  }
  const head = /^(?:\uFEFF)?(?:#![^\n]*\n)?(?:\s*(['"])use [a-z]+\1;?[ \t]*\r?\n)*/.exec(text)![0].length;
  return edit(file, [head, head], statement + eol + (text.slice(head).startsWith('\n') ? '' : eol));
}

/** Whether a file loads modules by `require`. */
export function isCommonJs(file: string, facts: FileFacts): boolean {
  if (/\.c[jt]s$/.test(file)) return true;
  if (/\.m[jt]s$/.test(file)) return false;
  const { dependencies } = facts;
  return !dependencies.some(one => one.kind === 'import' || one.kind === 'export') && /\.js$/.test(file)
    ? !facts.exports.some(one => one.k !== 'value' || one.name === 'default')
    : false;
}

function existing({ imports, functions }: FileFacts, { module, name }: ImportWish): string | undefined {
  const own = imports.filter(one => !one.typeOnly && sameModule(one.module, module));
  const exact = own.find(one => one.name === name);
  if (exact) return exact.local;
  const whole = own.find(one => one.name === '*' || one.name === 'default' || one.name === '=');
  if (whole && name !== 'default') return name === '*' ? whole.local : `${whole.local}.${name}`;
  for (const stmt of functions[0]?.body ?? []) {
    if (stmt.k !== 'let' || stmt.v?.k !== 'call' || stmt.v.f.k !== 'id' || stmt.v.f.n !== 'require') continue;
    const [specifier] = stmt.v.a;
    if (specifier?.k !== 'str' || !sameModule(specifier.v, module)) continue;
    if (stmt.pat.k === 'pid') return name === 'default' || name === '*' ? stmt.pat.n : `${stmt.pat.n}.${name}`;
    if (stmt.pat.k !== 'pobj') continue;
    const bound = stmt.pat.props.find(one => one.key === name);
    if (bound?.v.k === 'pid') return bound.v.n;
  }
  return undefined;
}

/** Whether the module's top level already means something else by a name. */
export function isTaken({ imports, functions, classes, types }: FileFacts, local: string): boolean {
  return (
    imports.some(one => one.local === local) ||
    classes.some(one => one.name === local && one.parent === 0) ||
    types.some(one => one.name === local) ||
    (functions[0]?.body ?? []).some(
      stmt => (stmt.k === 'let' && namesOf(stmt.pat).includes(local)) || (stmt.k === 'fndecl' && stmt.n === local),
    )
  );
}

/** Ranges of the statements at the top level that load modules. */
function loads({ dependencies, functions }: FileFacts): (readonly [number, number])[] {
  const imports = dependencies.filter(one => one.kind === 'import').map(one => one.p);
  if (imports.length) return [...imports].sort((a, b) => a[0] - b[0]);
  const requires = (functions[0]?.body ?? []).filter(
    stmt =>
      (stmt.k === 'let' ? stmt.v : stmt.k === 'expr' ? stmt.e : undefined)?.k === 'call' &&
      dependencies.some(one => one.kind === 'require' && one.p[0] >= stmt.p[0] && one.p[1] <= stmt.p[1]),
  );
  return requires.map(stmt => stmt.p);
}

function importText(text: string, { module, name }: ImportWish, local: string): string {
  const { semicolon } = styleOf(text);
  const what = name === 'default' ? local : name === '*' ? `* as ${local}` : `{ ${nameAs(name, local)} }`;
  return `import ${what} from ${quoted(text, module)}${semicolon}`;
}

function requireText(text: string, { module, name }: ImportWish, local: string): string {
  const { semicolon } = styleOf(text);
  const what = !isNamed({ name }) ? local : name === local ? `{ ${name} }` : `{ ${name}: ${local} }`;
  return `const ${what} = require(${quoted(text, module)})${semicolon}`;
}

function nameAs(name: string, local: string): string {
  return name === local ? name : `${name} as ${local}`;
}

function isNamed({ name }: Pick<ImportFact, 'name'>): boolean {
  return name !== 'default' && name !== '*' && name !== '=';
}

function isTypeImport(text: string, { mp }: ImportFact): boolean {
  return /import\s+type\b[^;'"]*$/.test(text.slice(0, mp[0]));
}

function sameModule(a: string, b: string): boolean {
  return a.replace(/^node:/, '') === b.replace(/^node:/, '');
}
