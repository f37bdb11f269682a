import { countLines } from '../../common/lines.ts';
import { findSecrets } from '../../common/secrets.ts';
import { type FileFacts, type FunctionFact, MODULE } from '../model/facts.ts';
import { parse, syntaxErrors } from '../syntax/parse.ts';
import type { ts } from '../syntax/ts.ts';
import { actionableComments } from './comments.ts';
import { directivesOf } from './functions.ts';
import { createLowering, type Lowering } from './lowering.ts';
import { recordModule } from './module.ts';
import { declareBlock, declareHoisted, functionScope } from './scope.ts';
import { lowerStatements } from './statements.ts';

/** Part of every cache key. Raise it when the same text would give other facts. */
export const EXTRACTOR_VERSION = 4;

const GENERATED = /@generated|auto-?generated|do not edit|DO NOT MODIFY/i;
const MINIFIED_LINE = 500;

/**
 * Parses one file and lowers it in one walk. Pure and total: the same path and text always give the same facts, and
 * broken input gives what could be read, marked `broken`.
 */
export function extract(path: string, text: string): FileFacts {
  const lines = countLines(text);
  if (isGenerated(path, text, lines)) return { ...emptyFacts(path, lines), generated: true };
  try {
    return readSource(path, text, lines);
  } catch (error) {
    // Only nesting deeper than the stack gets here; the file then counts as unreadable, not as empty.
    if (!(error instanceof RangeError)) throw error;
    return { ...emptyFacts(path, lines), broken: 'outside' };
  }
}

function readSource(path: string, text: string, lines: number): FileFacts {
  const sourceFile = parse(path, text);
  const ctx = createLowering(sourceFile, text);
  lowerModule(ctx);
  const broken = brokenPart(sourceFile, ctx.functions);
  return {
    path,
    kind: 'source',
    lines,
    directives: directivesOf(sourceFile.statements),
    functions: ctx.functions,
    classes: ctx.classes,
    imports: ctx.imports,
    exports: ctx.exports,
    dependencies: ctx.dependencies,
    types: ctx.types,
    secrets: findSecrets(text),
    comments: actionableComments(text),
    ...(broken ? { broken } : {}),
  };
}

/** A body that ends where the file does may have swallowed what follows it. */
function brokenPart(sourceFile: ts.SourceFile, functions: readonly FunctionFact[]): FileFacts['broken'] {
  const errors = syntaxErrors(sourceFile);
  const { end } = sourceFile;
  const bodies = functions.filter(({ id, p }) => id !== MODULE && p[1] < end);
  const isInside = (at: number): boolean => bodies.some(({ np, p }) => np[1] < at && at < p[1]);
  return errors.length === 0 ? undefined : errors.every(isInside) ? 'inside' : 'outside';
}

function lowerModule(ctx: Lowering): void {
  const { statements } = ctx.sourceFile;
  const scope = functionScope(undefined, MODULE);
  ctx.functions.push(undefined as unknown as FunctionFact);
  declareHoisted(scope, ctx.sourceFile);
  declareBlock(scope, statements);
  const body = lowerStatements(ctx, scope, statements);
  ctx.functions[MODULE] = moduleFunction(body, ctx.text.length);
  recordModule(ctx, scope, body);
}

function moduleFunction(body: FunctionFact['body'], end: number): FunctionFact {
  return { id: MODULE, parent: -1, kind: 'module', name: '', params: [], body, p: [0, end], np: [0, 0] };
}

function emptyFacts(path: string, lines: number): FileFacts {
  return {
    path,
    kind: 'source',
    lines,
    directives: [],
    functions: [moduleFunction([], 0)],
    classes: [],
    imports: [],
    exports: [],
    dependencies: [],
    types: [],
    secrets: [],
    comments: [],
  };
}

function isGenerated(path: string, text: string, lines: number): boolean {
  if (/\.d\.[cm]?ts$/.test(path) || /\.min\.[cm]?js$/.test(path)) return true;
  const head = text.slice(0, 600);
  const comment = /^\s*(?:\/\*[\s\S]*?\*\/|(?:\/\/[^\n]*\n\s*)+)/.exec(head)?.[0];
  if (comment && GENERATED.test(comment)) return true;
  return text.length > 20_000 && text.length / lines > MINIFIED_LINE;
}
