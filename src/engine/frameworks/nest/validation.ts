import { methodOf } from '../../link/call-index.ts';
import { typeValue } from '../../link/declared.ts';
import type { ChainLink, MiddlewareRole } from '../../link/endpoint.ts';
import { eachStmt } from '../../link/env.ts';
import type { Program } from '../../link/program.ts';
import type { FuncValue, Value } from '../../link/values.ts';
import type { Param } from '../../model/facts.ts';
import { classHasRules } from '../shared/class-rules.ts';
import { decorationsOf } from '../shared/decorations.ts';

const ROLE_OF: Readonly<Record<string, MiddlewareRole>> = {
  '@nestjs/common.Body': 'validates-body',
  '@nestjs/common.Query': 'validates-query',
  '@nestjs/common.Param': 'validates-params',
};

const OWN = 'on the parameter';

/** A pipe in force: where it was attached, and the value. */
export interface Pipe {
  readonly value: Value;
  readonly via: string;
}

/**
 * What a handler's parameters prove about validation: a pipe must be in force, and the declared type must be a class
 * that carries rules; for interfaces and `any` the pipe does nothing.
 */
export function validationSteps(program: Program, func: FuncValue, pipes: readonly Pipe[]): ChainLink[] {
  return func.fn.params.flatMap(param => {
    for (const { path, args, span } of decorationsOf(program, func.env, param.decorators)) {
      const role = ROLE_OF[path];
      if (!role) continue;
      const own = args.filter(arg => arg.k !== 'const' && arg.k !== 'object');
      const all = [...pipes, ...own.map(value => ({ value, via: OWN }))];
      const pipe = all.find(one => validates(program, one.value, func, param, one.via === OWN));
      if (!pipe) continue;
      return [
        { value: pipe.value, roles: [role], span, via: pipe.via, why: `a pipe checks ${text(param)}`, evidence: [] },
      ];
    }
    return [];
  });
}

function text(param: Param): string {
  return param.t?.n ? `${param.t.n} by its rules` : 'the value';
}

function validates(program: Program, pipe: Value, func: FuncValue, param: Param, isOwn: boolean): boolean {
  if (pipe.k === 'api') {
    const path = pipe.path.replace(/\(\)$/, '');
    if (isOwn && path !== STANDARD) return true;
    if (!/Pipe$/.test(path)) return false;
    return hasRules(program, func, param);
  }
  if (pipe.k !== 'class' && pipe.k !== 'instance') return false;
  const cls = pipe.k === 'class' ? pipe : pipe.of;
  const transform = methodOf(program, cls, 'transform');
  // A pipe of the project's own that refuses values; what it checks them against may well come with the instance.
  if (transform && refuses(transform)) return isOwn || pipe.k === 'instance' || hasRules(program, func, param);
  const base = program.baseOf(cls);
  return base?.k === 'api' && /Pipe(?:\(\))?$/.test(base.path) && hasRules(program, func, param);
}

const STANDARD = '@nestjs/common.ValidationPipe';

function refuses({ fn }: FuncValue): boolean {
  let found = false;
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'throw' || (stmt.k === 'ret' && stmt.e?.k === 'call')) found = true;
  });
  return found;
}

function hasRules(program: Program, func: FuncValue, param: Param): boolean {
  if (!param.t) return false;
  const type = typeValue(program, func.env, param.t);
  return type.k === 'instance' && classHasRules(program, type.of, 0);
}
