import type { Operation } from '../link/operations.ts';
import type { ExprOf } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import type { FixDraft } from '../rules/rule.ts';
import { addDependency } from './package-dependency.ts';
import { insertImport } from './source-import.ts';
import { mergeProperties } from './source-object.ts';
import { beginsLine, edit, indentAt, styleOf } from './source-style.ts';

interface Limit {
  /** The option that takes it, and whether that is a list. */
  readonly option: string;
  readonly isList: boolean;
  /** What a package gives for it. */
  readonly from?: { readonly module: string; readonly name: string; readonly local?: string; readonly range: string };
  value(local: string): string;
}

/** Depth 10: the lower defaults of limiting plugins refuse queries that real clients send. */
const DEPTH = 10;
const RULES: Limit = {
  option: 'validationRules',
  isList: true,
  // Unlike other rules for this, it brings its types along.
  from: { module: '@escape.tech/graphql-armor-max-depth', name: 'maxDepthRule', range: '^2.4.0' },
  value: local => `${local}({ n: ${DEPTH} })`,
};
const LIMITS: Readonly<Record<string, Limit>> = {
  apollo: RULES,
  'express-graphql': RULES,
  'graphql-http': RULES,
  mercurius: { option: 'queryDepth', isList: false, value: () => String(DEPTH) },
  yoga: {
    option: 'plugins',
    isList: true,
    from: { module: '@escape.tech/graphql-armor', name: 'EnvelopArmorPlugin', range: '^3.2.0' },
    value: local => `${local}({ maxDepth: { n: ${DEPTH} } })`,
  },
};

/** Limits the depth of queries by what the server's options take for it. */
export function limitDepth({ file, args, is }: Operation): FixDraft[] {
  const limit = LIMITS[String(is['server'])];
  const options = args['options']?.expr;
  if (!limit || options?.k !== 'obj') return [];
  return [
    {
      title: `Refuse queries deeper than ${DEPTH} levels`,
      kind: 'auto',
      change({ model, text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        const { from } = limit;
        const imported = from ? insertImport(file, source, facts, from) : { local: '', edits: [] };
        const set = imported && withLimit(file, source, options, limit, limit.value(imported.local));
        if (!imported || !set) return undefined;
        const manifest = from ? addDependency(model.project, text, file, from.module, from.range) : [];
        return { edits: [...imported.edits, ...set, ...manifest], newFiles: [] };
      },
    },
  ];
}

/** Sets the option, or puts the value first in the list that is written there. */
function withLimit(
  file: string,
  source: string,
  options: ExprOf<'obj'>,
  { option, isList }: Limit,
  value: string,
): TextEdit[] | undefined {
  const known = options.props.findLast(one => one.k === 'prop' && one.n === option);
  if (known?.k !== 'prop')
    return mergeProperties(file, source, options, [{ name: option, value: isList ? `[${value}]` : value }]);
  if (!isList || known.v.k !== 'arr') return undefined;
  const [first] = known.v.e;
  if (!first) return [edit(file, known.v.p, `[${value}]`)];
  const at = first.p[0];
  const gap = beginsLine(source, at) ? `${styleOf(source).eol}${indentAt(source, at)}` : ' ';
  return [edit(file, [at, at], `${value},${gap}`)];
}
