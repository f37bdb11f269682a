import type { Model } from '../link/model.ts';
import type { Expr, FunctionFact } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import { type Logger, loggerFor } from '../queries/loggers.ts';
import type { TryStmt } from '../queries/observability/catches.ts';
import type { FixContext, FixDraft } from '../rules/rule.ts';
import { insertImport } from './source-import.ts';
import { insertBefore } from './source-statement.ts';
import { beginsLine, edit, indentAt, punctuation, quoted, styleOf } from './source-style.ts';

/** Takes the record before the message; the others take the error behind it. */
const RECORD_FIRST = /^(?:pino|bunyan|nestjs-pino|fastify|~router)/;

/** Logs the error at the start of a `catch`, with the logger that the file or its package uses; none without one. */
export function logCaught(model: Model, file: string, fn: FunctionFact, stmt: TryStmt, what: string): FixDraft[] {
  const logger = loggerFor(model, file, fn);
  const { param, handler, handlerPos } = stmt;
  if (!logger || !handler || !handlerPos || (param && param.k !== 'pid')) return [];
  return [
    draft(file, logger, source => {
      const name = param?.n ?? 'err';
      const head = punctuation(source, handlerPos[1], stmt.p[1]);
      const open = handlerPos[1] + head.indexOf('{', param ? param.p[1] - handlerPos[1] : 0);
      const { eol, indent, semicolon } = styleOf(source);
      const line = logCall(source, logger, name, what) + semicolon;
      const bound = param ? [] : [edit(file, [handlerPos[1], handlerPos[1]], ` (${name})`)];
      const [first] = handler;
      if (first) {
        const before = beginsLine(source, first.p[0])
          ? insertBefore(file, source, first, [line])
          : edit(file, [first.p[0], first.p[0]], `${logCall(source, logger, name, what)}; `);
        return before && [...bound, before];
      }
      const close = handlerPos[1] + head.indexOf('}', open + 1 - handlerPos[1]);
      if (close < open || source.slice(open + 1, close).trim() !== '') return undefined;
      const base = indentAt(source, handlerPos[0]);
      return [...bound, edit(file, [open + 1, close], `${eol}${base}${indent}${line}${eol}${base}`)];
    }),
  ];
}

/** Logs the error in an empty handler of a promise. */
export function logRejected(model: Model, file: string, fn: FunctionFact, handler: Expr, what: string): FixDraft[] {
  const logger = loggerFor(model, file, fn);
  if (!logger) return [];
  return [draft(file, logger, source => [edit(file, handler.p, `err => ${logCall(source, logger, 'err', what)}`)])];
}

function draft(file: string, logger: Logger, place: (source: string) => TextEdit[] | undefined): FixDraft {
  return {
    title: `Log the error with ${logger.receiver}`,
    kind: 'suggest',
    change({ model, text }: FixContext) {
      const source = text(file);
      const facts = model.project.sources.get(file);
      const edits = source === undefined ? undefined : place(source);
      if (source === undefined || !facts || !edits) return undefined;
      if (!logger.from) return { edits, newFiles: [] };
      const added = insertImport(file, source, facts, { ...logger.from, local: logger.receiver });
      return added?.local === logger.receiver ? { edits: [...added.edits, ...edits], newFiles: [] } : undefined;
    },
  };
}

function logCall(source: string, { receiver, callee }: Logger, name: string, what: string): string {
  const message = quoted(source, `${what} failed`);
  const record = name === 'err' ? '{ err }' : `{ err: ${name} }`;
  if (RECORD_FIRST.test(callee)) return `${receiver}.error(${record}, ${message})`;
  return `${receiver}.error(${message}, ${callee.startsWith('winston') ? record : name})`;
}
