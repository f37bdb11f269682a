import { evaluate } from '../../link/evaluate.ts';
import { expressionsWhere } from '../../link/kept/per-file.ts';
import { judgedUnits } from '../../link/kept/per-unit.ts';
import { definition, type Place } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { spanIn, stringOf, type Value } from '../../link/values.ts';
import type { Expr, ExprOf } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { regexOf } from './regex-shape.ts';

/** A value between the quotes of an attribute, of which what replaces brackets leaves the quote. */
export interface AttributeEscape {
  /** The quote that ends the attribute. */
  readonly quote: string;
  /** The value, as it stands in the attribute. */
  readonly span: Span;
}

/** `name="` at the end of a text. */
const OPENS = /[\w-]?\s*=\s*(["'])$/;
const DEPTH = 3;

export function attributeEscapes(model: Model): AttributeEscape[] {
  const { program } = model;
  const out: AttributeEscape[] = [];
  for (const unit of judgedUnits(model)) {
    for (const { fn, e } of attributesIn(unit.facts)) {
      const env = program.staticEnv(unit, fn);
      for (const { quote, value } of attributeValues(e))
        if (leavesQuote(program, { env, expr: value }, quote)) out.push({ quote, span: spanIn(env, value.p) });
    }
  }
  return out;
}

const attributesIn = expressionsWhere(['bin', 'tpl'], e => attributeValues(e).length > 0);

/** Values that stand right behind the quote that begins an attribute. */
function attributeValues(e: Expr): { readonly quote: string; readonly value: Expr }[] {
  if (e.k === 'bin' && e.op === '+') {
    const text = e.l.k === 'bin' ? e.l.r : e.l;
    const quote = text.k === 'str' ? OPENS.exec(text.v)?.[1] : undefined;
    return quote && e.r.k !== 'str' ? [{ quote, value: e.r }] : [];
  }
  if (e.k !== 'tpl') return [];
  return e.parts.flatMap((part, position) => {
    const text = e.parts[position - 1];
    const quote = typeof part !== 'string' && typeof text === 'string' ? OPENS.exec(text)?.[1] : undefined;
    return quote && typeof part !== 'string' ? [{ quote, value: part }] : [];
  });
}

type Program = Model['program'];

/** Whether replacements take care of `<` and of nothing that ends the attribute. */
function leavesQuote(program: Program, place: Place, quote: string, depth = 0): boolean {
  const { env, expr } = definition(program, place);
  if (expr.k !== 'call' || depth > DEPTH) return false;
  if (expr.f.k === 'mem' && expr.f.n === 'join') return leavesQuote(program, { env, expr: expr.f.o }, quote, depth + 1);
  const chain = replacements(expr);
  if (chain.length === 0) {
    const callee = evaluate(program, env, expr.f);
    const last = callee.k === 'func' && callee.fn.body.length === 1 ? callee.fn.body[0] : undefined;
    if (callee.k !== 'func' || last?.k !== 'ret' || !last.e || callee.fn === env.fn) return false;
    const inner = program.staticEnv(program.units.get(callee.file)!, callee.fn);
    program.cells.read(callee.fn);
    return leavesQuote(program, { env: inner, expr: last.e }, quote, depth + 1);
  }
  const begin = chain.at(-1)!.f as ExprOf<'mem'>;
  // What a function of somebody else made of it before may have been the better half.
  if (begin.o.k === 'call' && /escape|encode|sanit/i.test(nameOf(begin.o.f))) return false;
  const all = chain.map(one => replaced(evaluate(program, env, one.a[0]!), one));
  return (
    all.every(one => one !== undefined) && all.some(one => one?.includes('<')) && !all.some(one => one?.includes(quote))
  );
}

/** Calls of `replace` that follow one another, the last one first. */
function replacements(e: Expr): ExprOf<'call'>[] {
  if (e.k !== 'call' || e.f.k !== 'mem') return [];
  if (/^(?:trim|toString|toLowerCase)$/.test(e.f.n)) return replacements(e.f.o);
  return /^replace(?:All)?$/.test(e.f.n) && e.a.length > 0 ? [e, ...replacements(e.f.o)] : [];
}

/** What a replacement takes away everywhere: characters, by the text of a pattern; undefined if nobody can say. */
function replaced(pattern: Value, call: ExprOf<'call'>): string | undefined {
  const text = stringOf(pattern);
  if (text !== undefined) return call.f.k === 'mem' && call.f.n === 'replaceAll' ? text : '';
  const regex = regexOf(pattern);
  if (!regex) return undefined;
  if (!regex.flags.includes('g')) return '';
  // Everything but what it names is gone, or it is no plain list of characters.
  return /\[\^|\\[wWdDsS]|\[[^\]]*[^\\\]]-[^\]]/.test(regex.source) ? undefined : regex.source;
}

function nameOf(e: Expr): string {
  return e.k === 'mem' || e.k === 'id' ? e.n : '';
}
