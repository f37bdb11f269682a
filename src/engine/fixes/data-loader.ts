import type { Model } from '../link/model.ts';
import type { FunctionFact } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import { type ParentKey, parentKey } from '../queries/graphql/parent-keys.ts';
import type { ParentQuery } from '../queries/graphql/parent-queries.ts';
import type { FixDraft } from '../rules/rule.ts';
import { addDependency } from './package-dependency.ts';
import { insertImport } from './source-import.ts';
import { aboveComments } from './source-statement.ts';
import { edit, lineStart, styleOf } from './source-style.ts';

type Read = (e: { readonly p: readonly [number, number] }) => string;

/**
 * Asks once for the keys of all parents through a loader. The loader lives as long as the request's context: what one
 * caller may see must not be kept for the next.
 */
export function loadTogether(model: Model, query: ParentQuery): FixDraft[] {
  const { file, fn } = query.operation;
  const found = parentKey(model, query);
  // What decorators hand in has no position of habit.
  const isDecorated = fn.cls !== undefined || fn.params.some(({ decorators }) => decorators?.length);
  if (!found || query.field.parent !== 0 || isDecorated) return [];
  return [
    {
      title: 'Ask once for all of them with a loader',
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        const owner = facts.functions[0]!.body.find(({ p }) => p[0] <= found.call.p[0] && found.call.p[1] <= p[1]);
        const context = contextParam(file, source, fn, /\.[cm]?tsx?$/.test(file));
        const imported = insertImport(file, source, facts, {
          module: 'dataloader',
          name: 'default',
          local: 'DataLoader',
        });
        const names = namesOf(found);
        if (!owner || !context || !imported || names.all.some(name => new RegExp(`\\b${name}\\b`).test(source)))
          return undefined;
        const read: Read = ({ p }) => source.slice(p[0], p[1]);
        const at = aboveComments(source, lineStart(source, owner.p[0]));
        const { eol, semicolon, indent } = styleOf(source);
        const lines = loaderLines(found, names, read, imported.local, /\.[cm]?tsx?$/.test(file)).map(line =>
          line.replace(/^(?: {2})+/, steps => indent.repeat(steps.length / 2)).replace(/;$/, semicolon),
        );
        const loaded = `${names.load}(${context.name}, ${read(found.key)})`;
        return {
          edits: [
            ...imported.edits,
            edit(file, [at, at], lines.join(eol) + eol + eol),
            ...context.edits,
            edit(file, found.call.p, found.isAlways ? loaded : `(${read(found.key)} == null ? null : ${loaded})`),
            ...addDependency(model.project, text, file, 'dataloader', '^2.2.3'),
          ],
          newFiles: [],
        };
      },
    },
  ];
}

interface Names {
  readonly load: string;
  readonly create: string;
  readonly kept: string;
  readonly all: readonly string[];
}

function namesOf({ model, column, isMany }: ParentKey): Names {
  const upper = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
  const stem = `${model}${isMany ? 's' : ''}By${upper(column)}`;
  const [load, create, kept] = [`load${upper(stem)}`, `create${upper(stem)}Loader`, `${stem}Loaders`];
  return { load, create, kept, all: [load, create, kept] };
}

function loaderLines(
  { table, column, options, where, isMany, type }: ParentKey,
  { load, create, kept }: Names,
  read: Read,
  loader: string,
  isTyped: boolean,
): string[] {
  const given = read(options);
  const start = options.p[0];
  const among = `{ ${column}: { in: [...keys] } }`;
  const asked = given.slice(0, where.p[0] - start) + among + given.slice(where.p[1] - start);
  const key = isTyped ? `: ${type ?? 'string'}` : '';
  const answer = isMany
    ? `keys.map(key => rows.filter(row => row.${column} === key))`
    : `keys.map(key => rows.find(row => row.${column} === key) ?? null)`;
  return [
    '/** One for each request, so that nothing one caller may see is kept for the next. */',
    `const ${kept} = new WeakMap${isTyped ? `<object, ReturnType<typeof ${create}>>` : ''}();`,
    '',
    `function ${create}() {`,
    `  return new ${loader}(async (keys${isTyped ? `: readonly ${type ?? 'string'}[]` : ''}) => {`,
    `    const rows = await ${read(table)}.findMany(${asked});`,
    `    return ${answer};`,
    '  });',
    '}',
    '',
    `function ${load}(context${isTyped ? ': object' : ''}, key${key}) {`,
    `  const loader = ${kept}.get(context) ?? ${create}();`,
    `  ${kept}.set(context, loader);`,
    '  return loader.load(key);',
    '}',
  ];
}

/** The resolver's third parameter, added with the second one where it is not there. */
function contextParam(
  file: string,
  source: string,
  fn: FunctionFact,
  isTyped: boolean,
): { name: string; edits: TextEdit[] } | undefined {
  const [first, second, third] = fn.params;
  if (third) return third.pat.k === 'pid' && !third.rest ? { name: third.pat.n, edits: [] } : undefined;
  const last = second ?? first;
  if (!first || !last || last.rest) return undefined;
  const say = (name: string, type: string): string => (isTyped && first.t ? `${name}: ${type}` : name);
  const added = `${second ? '' : `, ${say('_args', 'unknown')}`}, ${say('context', 'object')}`;
  const at = last.p[1];
  // `post => …`: one name needs no brackets, three do.
  const isBare = fn.kind === 'arrow' && first === last && !/\(\s*$/.test(source.slice(fn.p[0], first.p[0]));
  if (!isBare) return { name: 'context', edits: [edit(file, [at, at], added)] };
  const start = first.p[0];
  return { name: 'context', edits: [edit(file, [start, start], '('), edit(file, [at, at], `${added})`)] };
}
