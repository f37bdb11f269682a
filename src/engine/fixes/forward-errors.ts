import { bindingsOf, blocksOf, eachExpr, exprsOf, innerFunctions } from '../link/env.ts';
import type { Model } from '../link/model.ts';
import type { FileFacts, FunctionFact, Pos, Stmt } from '../model/facts.ts';
import type { Change, TextEdit } from '../model/span.ts';
import type { Unforwarded } from '../queries/reliability/async-handlers.ts';
import type { FixDraft } from '../rules/rule.ts';
import { importFrom } from './source-export.ts';
import { insertImport } from './source-import.ts';
import { wrap } from './source-statement.ts';
import { edit, indentAt, lineStart, punctuation, styleOf } from './source-style.ts';

const LIBRARY = 'express-async-handler';

/** Sends a handler's rejection to the error handler: by the project's own wrapper, else by try and catch. */
export function forwardErrors(model: Model, { func: { file, fn } }: Unforwarded): FixDraft[] {
  const facts = model.project.sources.get(file);
  if (!facts) return [];
  const wrapper = fn.params.length <= 3 && isValue(facts, fn) ? wrapperFor(model, file, fn) : undefined;
  const next = forwarder(fn);
  if (!wrapper && (next === undefined || !typeable(facts, fn))) return [];
  return [
    {
      title: wrapper ? `Wrap the handler with ${wrapper.name}` : 'Catch the error and pass it to next()',
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        if (source === undefined) return undefined;
        return wrapper ? wrapped(model, source, file, fn, wrapper) : caught(source, file, facts, fn, next!);
      },
    },
  ];
}

interface Wrapper {
  readonly file: string | undefined;
  readonly name: string;
}

function wrapped(model: Model, source: string, file: string, fn: FunctionFact, wrapper: Wrapper): Change | undefined {
  const facts = model.project.sources.get(file)!;
  const found =
    wrapper.file === undefined
      ? insertImport(file, source, facts, { module: LIBRARY, name: 'default', local: wrapper.name })
      : importFrom(model, file, source, wrapper.file, wrapper.name);
  return found && { edits: [...found.edits, ...wrap(file, fn.p, `${found.local}(`, ')')], newFiles: [] };
}

/** Whether a function stands where any expression may: as an argument or as the value of a constant. */
function isValue({ functions }: FileFacts, fn: FunctionFact): boolean {
  let found = false;
  const look = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      if (stmt.p[0] > fn.p[0] || stmt.p[1] < fn.p[1]) continue;
      for (const e of exprsOf(stmt))
        eachExpr(e, one => {
          if (one.k === 'call' && one.a.some(arg => arg.k === 'fn' && arg.f === fn.id)) found = true;
        });
      if (stmt.k === 'let' && stmt.kind === 'const' && stmt.v?.k === 'fn' && stmt.v.f === fn.id) found = true;
      for (const block of blocksOf(stmt)) look(block);
    }
  };
  look(functions[fn.parent]?.body ?? []);
  return found;
}

/** A function of the project, known by what it does, that calls the function it is given and catches with `next`. */
function wrapperFor({ program, project }: Model, file: string, fn: FunctionFact): Wrapper | undefined {
  const folder = project.packageOf(file)?.folder;
  const files = [...program.units.keys()].filter(path => path !== file && project.packageOf(path)?.folder === folder);
  for (const path of [file, ...files.filter(one => project.roleOf(one) === 'source')]) {
    const facts = program.units.get(path)!.facts;
    for (const candidate of facts.functions) {
      if (candidate.parent !== 0 || candidate.params.length !== 1 || !forwards(facts, candidate)) continue;
      // A constant is not there before its own line.
      if (path === file && candidate.p[0] > fn.p[0]) continue;
      if (candidate.name && bindingsOf(facts.functions[0]!).has(candidate.name))
        return { file: path, name: candidate.name };
    }
  }
  return project.dependsOn(file, LIBRARY) ? { file: undefined, name: 'asyncHandler' } : undefined;
}

function forwards(facts: FileFacts, wrapper: FunctionFact): boolean {
  const given = wrapper.params[0]!.pat;
  if (given.k !== 'pid') return false;
  return innerFunctions(facts, wrapper).some(inner => {
    const next = inner.params.length === 3 ? inner.params[2]!.pat : undefined;
    if (next?.k !== 'pid') return false;
    let calls = false;
    let catches = false;
    const look = (body: readonly Stmt[]): void => {
      for (const stmt of body) {
        for (const e of exprsOf(stmt))
          eachExpr(e, one => {
            if (one.k !== 'call') return;
            if (one.f.k === 'id' && one.f.n === given.n && one.a.length >= 3) calls = true;
            const [only] = one.a;
            if (one.f.k === 'mem' && one.f.n === 'catch' && only?.k === 'id' && only.n === next.n) catches = true;
          });
        for (const block of blocksOf(stmt)) look(block);
      }
    };
    look(inner.body);
    return calls && catches;
  });
}

/** What the function calls `next`, or is to call it; undefined where the parameter cannot be named. */
function forwarder(fn: FunctionFact): string | undefined {
  const { params } = fn;
  if (params.some(param => param.rest || param.decorators?.length)) return undefined;
  const named = params.find(({ pat }) => pat.k === 'pid' && pat.n === 'next')?.pat;
  if (named?.k === 'pid') return named.n;
  const third = params[2]?.pat;
  if (params.length === 3) return third?.k === 'pid' ? third.n : undefined;
  return params.length === 2 && !bindingsOf(fn).has('next') ? 'next' : undefined;
}

function typeable(facts: FileFacts, fn: FunctionFact): boolean {
  const types = fn.params.map(param => param.t?.n);
  if (fn.params.length !== 2 || types.every(name => name === undefined)) return true;
  return typeOfNext(facts, types[1]) !== undefined;
}

/** The type of `next` beside a parameter of this type, and the import that must name it, too. */
function typeOfNext({ imports }: FileFacts, response: string | undefined): { name: string; beside?: Pos } | undefined {
  if (response?.endsWith('.Response')) return { name: response.replace(/Response$/, 'NextFunction') };
  const own = imports.filter(one => one.module === 'express');
  const known = own.find(one => one.name === 'NextFunction');
  if (known) return { name: known.local };
  const beside = own.find(one => one.local === response && one.name === 'Response');
  return beside && { name: 'NextFunction', beside: beside.p };
}

function caught(source: string, file: string, facts: FileFacts, fn: FunctionFact, next: string): Change | undefined {
  const block = blockOf(source, fn);
  if (!block) return undefined;
  const { eol, indent, semicolon } = styleOf(source);
  const base = indentAt(source, fn.p[0]);
  const edits: TextEdit[] = [];
  const last = fn.params[1]!;
  if (fn.params.length === 2) {
    const type = last.t && typeOfNext(facts, last.t.n);
    edits.push(edit(file, [last.p[1], last.p[1]], `, ${next}${type ? `: ${type.name}` : ''}`));
    if (type?.beside) {
      const word = /[{,]\s*type\s+$/.test(source.slice(0, type.beside[0])) ? 'type ' : '';
      edits.push(edit(file, [type.beside[1], type.beside[1]], `, ${word}${type.name}`));
    }
  }
  const tail = [
    `${base}${indent}} catch (error) {`,
    `${base}${indent}${indent}${next}(error)${semicolon}`,
    `${base}${indent}}`,
    `${base}}`,
  ].join(eol);
  const [start, end] = block.inner;
  const inside = source.slice(start, end);
  const templates = templatesIn(facts, fn);
  const open = `{${eol}${base}${indent}try {${eol}`;
  if (!/[\r\n]/.test(inside)) {
    const close = block.isExpression ? semicolon : '';
    const at: Pos = block.isExpression ? block.inner : [start - 1, end + 1];
    edits.push(edit(file, at, `${open}${base}${indent}${indent}${inside.trim()}${close}${eol}${tail}`));
    return { edits, newFiles: [] };
  }
  if (block.isExpression) return undefined;
  const first = source.indexOf('\n', start) + 1;
  const final = lineStart(source, end);
  // Text behind the brace is left to its author.
  if (
    first === 0 ||
    first > final ||
    source.slice(start, first).trim() !== '' ||
    source.slice(final, end).trim() !== ''
  )
    return undefined;
  edits.push(edit(file, [start - 1, first], open));
  for (let at = first; at < final; at = source.indexOf('\n', at) + 1) {
    const isText = templates.some(([from, to]) => from < at && at <= to);
    if (!isText && !/^[ \t]*\r?\n/.test(source.slice(at, source.indexOf('\n', at) + 1)))
      edits.push(edit(file, [at, at], indent));
  }
  edits.push(edit(file, [final, end + 1], tail));
  return { edits, newFiles: [] };
}

/** What stands between the braces of a function, or the expression an arrow returns. */
function blockOf(source: string, fn: FunctionFact): { inner: Pos; isExpression: boolean } | undefined {
  const from = Math.max(fn.params.at(-1)?.p[1] ?? fn.p[0], fn.ret?.p[1] ?? 0);
  const head = punctuation(source, from, fn.body[0]?.p[0] ?? fn.p[1]);
  const arrow = fn.kind === 'arrow' ? head.indexOf('=>') : 0;
  if (arrow === -1) return undefined;
  const brace = head.indexOf('{', arrow);
  if (brace !== -1) return { inner: [from + brace + 1, fn.p[1] - 1], isExpression: false };
  if (fn.kind !== 'arrow') return undefined;
  const start = from + arrow + 2;
  return { inner: [start + /^\s*/.exec(source.slice(start))![0].length, fn.p[1]], isExpression: true };
}

/** Ranges whose line starts belong to a text and must stay where they are. */
function templatesIn({ functions }: FileFacts, fn: FunctionFact): Pos[] {
  const out: Pos[] = [];
  const look = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      for (const e of exprsOf(stmt)) eachExpr(e, one => one.k === 'tpl' && out.push(one.p));
      for (const block of blocksOf(stmt)) look(block);
    }
  };
  for (const one of functions) if (one.p[0] >= fn.p[0] && one.p[1] <= fn.p[1]) look(one.body);
  return out;
}
