import type { Reaching } from '../flow/findings.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Model } from '../link/model.ts';
import type { Operation } from '../link/operations.ts';
import { alternatives, type Env, type Value } from '../link/values.ts';
import type { PrismaField } from '../model/artefacts/data.ts';
import type { Expr, FileFacts } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { expressionAt } from '../queries/expression-at.ts';
import type { FixDraft } from '../rules/rule.ts';
import { above } from './body-schema.ts';
import { insertImport, isTaken } from './source-import.ts';
import { edit } from './source-style.ts';

/** Columns that say who may do what, whose something is, or what only the program keeps. */
const PRIVILEGED =
  /^(?:id|uuid|roles?|is_?admin|admin|is_?super_?user|permissions?|scopes?|(?:email_?)?verified(?:_?at)?|balance|credits?|plan|tier|price|amount|status|state|(?:owner|user|tenant|org|organi[sz]ation|account|team|author|created_?by)(?:_?id)?|password\w*|\w*hash|\w*secret\w*|\w*token\w*|created_?at|updated_?at|deleted_?at)$/i;
const COLUMNS = 12;

/** Lets only what a schema of the file, or the columns of the table, take into a record that is written. */
export function ownColumns(model: Model, { flow: { sink }, flows }: Reaching): FixDraft[] {
  const found = expressionAt(model, sink.arg);
  const whole = found && wholeIn(found.e);
  const facts = model.project.sources.get(sink.arg.file);
  const table = model
    .operationsIn(sink.arg.file)
    .find(
      ({ kind, callSpan }) => kind === 'db' && callSpan.start === sink.call.start && callSpan.end === sink.call.end,
    );
  // More than one value, or one that was read before, would have to be followed.
  if (!found || !whole || !facts || !table || flows.some(({ source }) => !isWithin(source.span, whole))) return [];
  const { file } = sink.arg;
  const schema = schemaFor(model, found.env, facts, table);
  if (schema !== undefined)
    return [
      {
        title: `Write what ${schema} lets through`,
        kind: 'auto',
        change({ text }) {
          const source = text(file);
          if (source === undefined) return undefined;
          return { edits: [edit(file, whole.p, `${schema}.parse(${source.slice(...whole.p)})`)], newFiles: [] };
        },
      },
    ];
  const columns = columnsOf(model, table);
  const name = `${String(table.is['model']).replace(/^./, first => first.toUpperCase())}Columns`;
  if (!columns || !model.project.dependsOn(file, 'zod') || isTaken(facts, name)) return [];
  return [
    {
      title: `Write ${columns.map(({ name }) => name.value).join(', ')} only`,
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        const zod = source === undefined ? undefined : insertImport(file, source, facts, { module: 'zod', name: 'z' });
        if (source === undefined || !zod) return undefined;
        const isPart = String(table.is['action']).startsWith('update');
        const lines = columns.map(one => `${one.name.value}: ${zodType(zod.local, one, isPart)}`);
        const declared = above(file, source, facts, found.env.fn, `const ${name} = ${zod.local}.object(`, lines, ')');
        const parsed = edit(file, whole.p, `${name}.parse(${source.slice(...whole.p)})`);
        return declared && { edits: [...zod.edits, declared, parsed], newFiles: [] };
      },
    },
  ];
}

const ZOD_TYPES: Readonly<Record<string, string>> = {
  String: 'string()',
  Int: 'number().int()',
  Float: 'number()',
  Boolean: 'boolean()',
  DateTime: 'coerce.date()',
};

function zodType(z: string, { type, optional, list, attributes }: PrismaField, isPart: boolean): string {
  const base = `${z}.${ZOD_TYPES[type.value]}${list ? '.array()' : ''}${optional ? '.nullable()' : ''}`;
  return isPart || optional || attributes.some(one => one.name === 'default') ? `${base}.optional()` : base;
}

/** The value that is written as a whole, or spread into what is written. */
function wholeIn(e: Expr): Expr | undefined {
  if (e.k === 'as') return wholeIn(e.e);
  if (e.k === 'mem' || e.k === 'id') return e;
  if (e.k !== 'obj') return undefined;
  const [spread, ...others] = e.props.filter(one => one.k === 'spread');
  return spread && others.length === 0 && (spread.v.k === 'mem' || spread.v.k === 'id') ? spread.v : undefined;
}

function isWithin({ start, end }: Span, { p }: Expr): boolean {
  return p[0] <= start && end <= p[1];
}

/** A schema of the file, its own or imported, that is named after what is written and drops what it does not know. */
function schemaFor({ program }: Model, env: Env, facts: FileFacts, { is }: Operation): string | undefined {
  const table = typeof is['model'] === 'string' ? is['model'].toLowerCase() : '';
  if (table.length < 3) return undefined;
  const declared = facts.functions[0]!.body.flatMap(one => (one.k === 'let' && one.pat.k === 'pid' ? [one.pat] : []));
  const imported = facts.imports.filter(one => !one.typeOnly).map(({ local, p }) => ({ n: local, p }));
  return [...declared, ...imported]
    .filter(({ n }) => n.toLowerCase().includes(table))
    .find(({ n, p }) => alternatives(evaluate(program, env.unit.env, { k: 'id', n, s: 0, p })).some(dropsUnknown))?.n;
}

/** An object's schema of zod that was not told to let other keys through. */
function dropsUnknown(value: Value): boolean {
  if (value.k !== 'api' || value.path !== 'zod.Schema') return false;
  const made: string[] = [];
  for (let at = value.from; at; at = at.from) made.push(at.path);
  return (
    made.some(path => /^zod\.(?:z\.)?(?:strictO|o)bject$/.test(path)) &&
    made.every(path => !path.includes('#') || /#(?:partial|pick|omit|strict|strip|extend|required)$/.test(path))
  );
}

/** The columns that a sender may fill in; undefined if no schema tells, or there are too many to write down. */
function columnsOf({ project }: Model, { is }: Operation): PrismaField[] | undefined {
  if (is['orm'] !== 'prisma') return undefined;
  const name = String(is['model']).toLowerCase();
  const models = project.artefactsOf('prisma').flatMap(({ facts }) => facts.models);
  const [model, ...others] = models.filter(one => one.name.value.toLowerCase() === name);
  if (!model || others.length > 0) return undefined;
  const keys = new Set(model.fields.flatMap(({ relation }) => relation?.fields ?? []));
  const columns = model.fields.filter(
    ({ id, name, type }) => !id && !keys.has(name.value) && type.value in ZOD_TYPES && !PRIVILEGED.test(name.value),
  );
  return columns.length > 0 && columns.length <= COLUMNS ? columns : undefined;
}
