import type { Endpoint } from '../link/endpoint.ts';
import { bindingsOf, eachExprIn } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { FileFacts, FunctionFact, Stmt } from '../model/facts.ts';
import type { Change, TextEdit } from '../model/span.ts';
import { type BodyShape, bodyShape, type FieldShape } from '../queries/body-shape.ts';
import { registrationAt } from '../queries/security/registrations.ts';
import type { FixDraft } from '../rules/rule.ts';
import { insertImport, isTaken } from './source-import.ts';
import { mergeProperties } from './source-object.ts';
import { aboveComments, insertBefore } from './source-statement.ts';
import { edit, lineStart, quoted, styleOf } from './source-style.ts';

/** Checks the body against a schema made from the fields a handler reads, by what the project validates with. */
export function checkBody(model: Model, endpoint: Endpoint): FixDraft[] {
  const { handler, framework, span } = endpoint;
  const facts = handler && model.project.sources.get(handler.file);
  if (!facts) return [];
  const byRoute = framework === 'fastify' && !model.project.dependsOn(span.file, 'fastify-type-provider-zod');
  if (!byRoute && !model.project.dependsOn(handler.file, 'zod')) return [];
  const shape = bodyShape(model.program, endpoint);
  if (!shape) return [];
  if (byRoute)
    return [
      {
        title: 'Declare the schema of the body on the route',
        kind: 'suggest',
        change: ({ text }) => onRoute(model, endpoint, shape, text(span.file)),
      },
    ];
  if (mayHang(model, endpoint, shape)) return [];
  return [
    {
      title: 'Parse the body with a zod schema',
      kind: 'suggest',
      change: ({ text }) => parsed(handler.file, facts, handler.fn, endpoint, shape, text(handler.file)),
    },
  ];
}

/** Where the framework ignores an async handler's rejection, a schema that throws would leave the caller waiting. */
function mayHang({ program, project }: Model, { handler, framework }: Endpoint, { sources }: BodyShape): boolean {
  const adapter = program.adapters.byId(framework);
  const first = adapter?.forwardsRejectionsFrom;
  const name = adapter?.packages[0];
  if (first === undefined || name === undefined || !handler?.fn.async) return false;
  const version = project.versionOf(handler.file, name);
  if (version !== undefined && Number.parseInt(version, 10) >= first) return false;
  return !handler.fn.body.some(
    stmt =>
      stmt.k === 'try' &&
      stmt.handler !== undefined &&
      sources.every(({ e }) => stmt.body.some(one => one.p[0] <= e.p[0] && e.p[1] <= one.p[1])),
  );
}

function parsed(
  file: string,
  facts: FileFacts,
  fn: FunctionFact,
  endpoint: Endpoint,
  shape: BodyShape,
  source: string | undefined,
): Change | undefined {
  const name = schemaName(facts, endpoint, word => word[0]!.toUpperCase() + word.slice(1));
  if (source === undefined || name === undefined) return undefined;
  const whole = facts.imports.find(one => one.module === 'zod' && (one.name === '*' || one.name === 'default'));
  const zod = whole
    ? { local: whole.local, edits: [] }
    : insertImport(file, source, facts, { module: 'zod', name: 'z' });
  const reads = zod && (wrapped(file, source, shape, name) ?? replaced(file, source, facts, fn, shape, name));
  if (!zod || !reads) return undefined;
  const lines = [...shape.fields].map(([field, one]) => `${key(source, field)}: ${zodType(zod.local, one)}`);
  const declaration = above(file, source, facts, fn, `const ${name} = ${zod.local}.object(`, lines, ')');
  return declaration && { edits: [...zod.edits, declaration, ...reads], newFiles: [] };
}

/** The body is named once, as the value of a declaration: it is parsed there. */
function wrapped(file: string, source: string, { sources }: BodyShape, name: string): TextEdit[] | undefined {
  const [only] = sources;
  if (!only?.declared || sources.length > 1) return undefined;
  return [edit(file, only.outer.p, `${name}.parse(${source.slice(...only.e.p)})`)];
}

/** The body is read in several places: it is parsed before the first and every reading goes to the result. */
function replaced(
  file: string,
  source: string,
  { functions }: FileFacts,
  fn: FunctionFact,
  { sources }: BodyShape,
  name: string,
): TextEdit[] | undefined {
  const texts = new Set(sources.map(({ e }) => source.slice(...e.p)));
  const [written] = texts;
  const own = sources.every(({ e }) => e.k === 'mem' && e.o.k === 'id' && e.o.s === fn.id);
  if (!own || texts.size !== 1 || source[fn.p[1] - 1] !== '}') return undefined;
  const inner = functions.filter(one => one.p[0] >= fn.p[0] && one.p[1] <= fn.p[1]);
  const local = ['body', 'input'].find(word => !inner.some(one => isUsed(one, word)));
  const place = placeFor(
    fn.body,
    sources.map(({ e }) => e.p[0]),
  );
  if (local === undefined || !place) return undefined;
  const { semicolon } = styleOf(source);
  const line = insertBefore(file, source, place, [`const ${local} = ${name}.parse(${written})${semicolon}`]);
  return line && [line, ...sources.map(({ outer, e }) => edit(file, outer === e ? e.p : outer.p, local))];
}

/** The statement of the innermost list of statements, tries included, that comes first of those that hold the offsets. */
function placeFor(body: readonly Stmt[], offsets: readonly number[]): Stmt | undefined {
  const holds = (stmt: Stmt, at: number): boolean => stmt.p[0] <= at && at < stmt.p[1];
  const place = body.find(stmt => offsets.some(at => holds(stmt, at)));
  if (place?.k !== 'try' || !offsets.every(at => place.body.some(stmt => holds(stmt, at)))) return place;
  return placeFor(place.body, offsets);
}

/** Whether a function means something by a word already. */
export function isUsed(fn: FunctionFact, word: string): boolean {
  let found = bindingsOf(fn).has(word) || fn.params.some(({ pat }) => pat.k === 'pid' && pat.n === word);
  eachExprIn(fn, e => {
    if (e.k === 'id' && e.n === word) found = true;
  });
  return found;
}

function onRoute(model: Model, endpoint: Endpoint, shape: BodyShape, source: string | undefined): Change | undefined {
  const { file } = endpoint.span;
  const facts = model.project.sources.get(file);
  const found = registrationAt(model.program, endpoint.span);
  const name = facts && schemaName(facts, endpoint, word => word);
  const second = found?.call.a[1];
  if (source === undefined || !facts || !found || !second || name === undefined) return undefined;
  const options = found.call.a.length === 3 && second.k === 'obj' ? second : undefined;
  if (found.call.a.length !== 2 && !options?.props.every(prop => prop.k === 'prop' && prop.n !== 'schema'))
    return undefined;
  const text = (value: string): string => quoted(source, value);
  const required = [...shape.fields].filter(([, one]) => !one.optional).map(([field]) => text(field));
  const lines = [
    `type: ${text('object')}`,
    ...(required.length ? [`required: [${required.join(', ')}]`] : []),
    `properties: { ${[...shape.fields].map(([field, { type }]) => `${key(source, field)}: { type: ${text(type === 'numeric' ? 'number' : (type ?? 'string'))} }`).join(', ')} }`,
  ];
  const declaration = above(file, source, facts, found.call, `const ${name} = `, lines, '');
  const value = `{ body: ${name} }`;
  const use = options
    ? mergeProperties(file, source, options, [{ name: 'schema', value }])
    : [edit(file, [second.p[0], second.p[0]], `{ schema: ${value} }, `)];
  return declaration && { edits: [declaration, ...use], newFiles: [] };
}

/** A declaration above the top-level statement that something stands in. */
export function above(
  file: string,
  source: string,
  { functions }: FileFacts,
  { p }: Pick<FunctionFact, 'p'>,
  head: string,
  lines: readonly string[],
  tail: string,
): TextEdit | undefined {
  const owner = functions[0]!.body.find(stmt => stmt.p[0] <= p[0] && p[1] <= stmt.p[1]);
  const line = owner && lineStart(source, owner.p[0]);
  if (line === undefined || !/^(?:(?:export|default|const|let|var|async)\s+)*$/.test(source.slice(line, owner!.p[0])))
    return undefined;
  const { eol, indent, semicolon } = styleOf(source);
  const inside = lines.map(one => `${indent}${one},${eol}`).join('');
  const at = aboveComments(source, line);
  return edit(file, [at, at], `${head}{${eol}${inside}}${tail}${semicolon}${eol}${eol}`);
}

/** After the handler or the path: `CreateMemberBody`, `MembersBody`; undefined if all of that is taken. */
function schemaName(
  facts: FileFacts,
  { handler, method, path }: Endpoint,
  spell: (word: string) => string,
): string | undefined {
  const parts = path.split('/').filter(part => /^[a-z]/i.test(part));
  const words = parts.slice(-1).flatMap(part => part.split(/[^a-z0-9]+/i).filter(Boolean));
  const noun = words.map((word, at) => (at ? word[0]!.toUpperCase() + word.slice(1) : word)).join('');
  const verb = method.toLowerCase() + (noun && noun[0]!.toUpperCase() + noun.slice(1));
  const names = [handler?.fn.name ?? '', noun, verb].filter(one => /^[a-z]\w*$/i.test(one));
  return names.map(one => `${spell(one)}Body`).find(one => !isTaken(facts, one));
}

function key(source: string, name: string): string {
  return /^[a-z_$][\w$]*$/i.test(name) ? name : quoted(source, name);
}

function zodType(z: string, { type, optional }: FieldShape): string {
  const base = type === 'numeric' ? `${z}.coerce.number()` : `${z}.${type ?? 'string'}()`;
  return optional ? `${base}.optional()` : base;
}
