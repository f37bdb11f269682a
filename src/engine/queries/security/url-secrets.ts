import { isPasswordName } from '../../../common/sensitive-names.ts';
import { eachExprIn, eachStmt } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { expressionsWhere, perFile } from '../../link/kept/per-file.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { requestOrigin } from '../../link/request-value.ts';
import { alternatives, type Env, spanIn, stringOf, type Value } from '../../link/values.ts';
import type { Expr, FileFacts, FunctionFact, Pattern } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A secret that travels in an address, which logs, histories and referrers keep. */
export interface UrlSecret {
  readonly problem: 'read' | 'sent';
  readonly name: string;
  readonly span: Span;
  /** Somebody else's interface at an address that is written down asks for it there. */
  readonly elsewhere: boolean;
}

/** One-time links, cursors and uploads have their token in the address on purpose. */
const PARAMETER = /[?&]((?:api|access|auth|secret)[_-]?(?:key|token)|apikey|password|passwd|client_secret)=$/i;
const KEYS = new Set(['api_key', 'apikey', 'apiKey', 'access_token', 'accessToken', 'client_secret', 'secret']);

export function urlSecrets(model: Model): UrlSecret[] {
  return [...readSecrets(model), ...sentSecrets(model)];
}

/** `req.query.password`: what callers are asked to put into the address. */
const readSecrets: (model: Model) => UrlSecret[] = perUnit((model, unit) => {
  const out: UrlSecret[] = [];
  for (const fn of namingSecrets(unit.facts)) {
    let env: Env | undefined;
    const isQuery = (e: Expr): boolean => {
      env ??= model.program.staticEnv(unit, fn);
      return alternatives(evaluate(model.program, env, e)).some(one => {
        const origin = requestOrigin(model.program, one);
        return origin?.part === 'query' && origin.names.length === 0;
      });
    };
    const tell = (name: string, p: Expr['p']): void => {
      out.push({ problem: 'read', name, span: spanIn(env!, p), elsewhere: false });
    };
    eachExprIn(fn, e => {
      const name = e.k === 'mem' ? e.n : e.k === 'idx' && e.i.k === 'str' ? e.i.v : undefined;
      if (name !== undefined && isSecret(name) && (e.k === 'mem' || e.k === 'idx') && isQuery(e.o)) tell(name, e.p);
      else if (e.k === 'call' && e.f.k === 'mem' && e.f.n === 'query' && e.a[0]?.k === 'str' && isSecret(e.a[0].v)) {
        env ??= model.program.staticEnv(unit, fn);
        const value = evaluate(model.program, env, e.f);
        if (requestOrigin(model.program, value)?.part === 'query') tell(e.a[0].v, e.p);
      }
    });
    eachStmt(fn.body, stmt => {
      if (stmt.k !== 'let' || stmt.pat.k !== 'pobj' || !stmt.v) return;
      const taken = stmt.pat.props.find(({ key }) => typeof key === 'string' && isSecret(key));
      if (taken && typeof taken.key === 'string' && isQuery(stmt.v)) tell(taken.key, posOf(taken.v, stmt.p));
    });
  }
  return out;
});

/** Functions in which a secret's name stands where a query could be read, in the order of the file. */
const namingSecrets = perFile((facts: FileFacts): readonly FunctionFact[] => {
  const naming = new Set(namesIn(facts).map(one => one.fn));
  for (const fn of facts.functions)
    eachStmt(fn.body, stmt => {
      if (stmt.k !== 'let' || stmt.pat.k !== 'pobj') return;
      if (stmt.pat.props.some(({ key }) => typeof key === 'string' && isSecret(key))) naming.add(fn);
    });
  return naming.size === 0 ? [] : facts.functions.filter(fn => naming.has(fn));
});

const namesIn = expressionsWhere(['mem', 'idx', 'call'], e => {
  if (e.k === 'mem') return isSecret(e.n);
  const name = e.k === 'idx' ? e.i : e.k === 'call' ? e.a[0] : undefined;
  return name?.k === 'str' && isSecret(name.v);
});

function isSecret(name: string): boolean {
  return isPasswordName(name) || KEYS.has(name);
}

function posOf(pattern: Pattern, otherwise: Expr['p']): Expr['p'] {
  return pattern.k === 'pid' ? pattern.p : otherwise;
}

/** `fetch(`…?api_key=${key}`)`: what this program puts into the address of somebody else. */
function sentSecrets(model: Model): UrlSecret[] {
  return model.operations('http-request').flatMap(({ args }) => {
    const url = args['url']?.expr;
    if (!url || (url.k !== 'tpl' && url.k !== 'bin')) return [];
    const start = beginning(args['url']!.value);
    if (TAKES_NO_HEADER.test(start)) return [];
    const elsewhere = /^https:\/\/[\w-]+\.[\w.-]+/.test(start);
    const parts = url.k === 'tpl' ? url.parts : partsOf(url);
    for (const [at, part] of parts.entries()) {
      const name = typeof part === 'string' ? PARAMETER.exec(part)?.[1] : undefined;
      const next = parts[at + 1];
      if (name !== undefined && next !== undefined && typeof next !== 'string')
        return [{ problem: 'sent' as const, name, span: spanIn(args['url']!.env, next.p), elsewhere }];
    }
    return [];
  });
}

/** Interfaces that ask for a token in the address: the one that tells about tokens has no other way. */
const TAKES_NO_HEADER = /^https:\/\/(?:oauth2|www)\.googleapis\.com\/(?:oauth2\/v\d\/)?tokeninfo/;

function beginning(value: Value): string {
  if (value.k !== 'template') return stringOf(value) ?? '';
  const [first, second] = value.parts;
  if (typeof first === 'string' && first !== '') return first;
  const next = first === '' || first === undefined ? second : first;
  return typeof next === 'string' ? next : next ? (stringOf(next) ?? '') : '';
}

function partsOf(e: Expr): (string | Expr)[] {
  if (e.k === 'bin' && e.op === '+') return [...partsOf(e.l), ...partsOf(e.r)];
  return [e.k === 'str' ? e.v : e];
}
