import type { Model } from '../link/model.ts';
import { writtenOptions } from '../link/written-options.ts';
import type { Evidence } from '../model/finding.ts';
import { comparePlaces, type Span } from '../model/span.ts';
import { isShown } from './flow.ts';

/** A query whose rows go into an answer with a secret in them. */
export interface ShownRow {
  /** The query, as written. */
  readonly query: string;
  readonly column: string;
  readonly span: Span;
  readonly evidence: readonly Evidence[];
}

/** Where what a handler gives back is the answer, property by property. */
const ANSWERS = new Set(['nest', 'fastify', 'trpc', 'elysia', 'routing-controllers', 'tsoa']);

/** Rows that are answered as they are, one entry for each query. */
export function shownRows(model: Model): ShownRow[] {
  const found = new Map<string, ShownRow>();
  const add = (row: ShownRow): void => {
    const key = `${row.span.file}:${row.span.start}`;
    if (model.isJudged(row.span.file) && !found.has(key)) found.set(key, row);
  };
  for (const { source, steps, isParsed } of model.flows.of('answer'))
    if (!isParsed) add({ query: source.text, column: source.part, span: source.span, evidence: steps });
  for (const { endpoint, origin } of model.flows.solution.answered) {
    const { framework, handler, method, path, span } = endpoint;
    const { root, at, path: names, text, mask, steps } = origin;
    if (!handler || !ANSWERS.has(framework)) continue;
    if (root.k !== 'source' || !at || mask !== 0 || !isShown(root, names, text) || isMapped(model, handler.file))
      continue;
    add({
      query: at.text,
      column: root.part,
      span: at.span,
      evidence: [
        { span: at.span, message: `\`${at.text}\` gives rows with \`${root.part}\`` },
        ...steps,
        { span, message: `${method} ${path} answers with it` },
      ],
    });
  }
  return [...found.values()].sort((a, b) => comparePlaces(a.span, b.span));
}

/** A handler's file says what is answered: by a schema, or by a class that the answer is brought into. */
function isMapped({ program }: Model, file: string): boolean {
  const facts = program.units.get(file)?.facts;
  if (!facts) return true;
  return writtenOptions(facts).has('response') || facts.imports.some(({ local }) => MAPPERS.test(local));
}

const MAPPERS = /Serializ|UseInterceptors|plainTo|ToInstance/;
