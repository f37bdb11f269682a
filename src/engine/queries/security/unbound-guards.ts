import { decoratorPath } from '../../link/decorators.ts';
import { eachChild, eachExprIn } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { classify } from '../../link/guards.ts';
import { judgedUnits } from '../../link/kept/per-unit.ts';
import { instanceMember } from '../../link/members.ts';
import type { Model } from '../../link/model.ts';
import type { Program } from '../../link/program.ts';
import { type ClassValue, spanIn } from '../../link/values.ts';
import type { Decorator, Expr, ExprOf, FileFacts } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A guard class that a module provides as a plain service while nothing puts it before a route. */
export interface UnboundGuard {
  readonly name: string;
  /** Its name among the module's providers. */
  readonly span: Span;
}

export function unboundGuards(model: Model): UnboundGuard[] {
  const { program } = model;
  const provided = new Map<ClassValue['cls'], { name: string; span: Span }>();
  for (const unit of judgedUnits(model)) {
    for (const cls of unit.facts.classes) {
      for (const decorator of cls.decorators ?? []) {
        if (decoratorPath(program, unit.env, decorator) !== '@nestjs/common.Module') continue;
        for (const e of plainProviders(decorator.e)) {
          const value = evaluate(program, unit.env, e);
          if (value.k === 'class' && isGuard(program, value))
            provided.set(value.cls, { name: value.cls.name, span: spanIn(unit.env, e.p) });
        }
      }
    }
  }
  if (provided.size === 0) return [];
  const used = new Set<string>();
  const names = new Set([...provided.values()].map(({ name }) => name));
  for (const { facts } of program.units.values()) {
    // Under another name it may be used anywhere.
    for (const { name, local } of facts.imports) if (names.has(name) && local !== name) used.add(name);
    eachUse(facts, names, name => used.add(name));
  }
  return [...provided.values()].filter(({ name }) => !used.has(name));
}

function isGuard(program: Program, cls: ClassValue): boolean {
  const entry = instanceMember(program, { k: 'instance', of: cls, fields: new Map() }, 'canActivate');
  const base = program.baseOf(cls);
  if (entry.k !== 'func' && !(base?.k === 'api' && /\.AuthGuard\b/.test(base.path))) return false;
  const { roles } = classify(program, cls);
  return roles.includes('authenticates') && !roles.includes('unknown');
}

/** The names in `providers: [...]` of a module's decorator. */
function plainProviders(decorator: Expr): Expr[] {
  const options = decorator.k === 'call' ? decorator.a[0] : undefined;
  if (options?.k !== 'obj') return [];
  return options.props.flatMap(prop =>
    prop.k === 'prop' && prop.n === 'providers' && prop.v.k === 'arr' ? prop.v.e.filter(e => e.k === 'id') : [],
  );
}

/** Visits names of classes wherever a file uses them for more than handing them on. */
function eachUse(facts: FileFacts, names: ReadonlySet<string>, visit: (name: string) => void): void {
  const see = (e: Expr): void => {
    if (e.k === 'id' && names.has(e.n)) visit(e.n);
    if (e.k !== 'obj') eachChild(e, see);
    else handedOn(e);
  };
  const handedOn = (e: ExprOf<'obj'>): void => {
    for (const prop of e.props) {
      if (prop.k === 'prop' && (prop.n === 'providers' || prop.n === 'exports') && prop.v.k === 'arr') {
        for (const item of prop.v.e) if (item.k !== 'id') see(item);
      } else see(prop.v);
    }
  };
  const decorators = (list: readonly Decorator[] | undefined): void => {
    for (const { e } of list ?? []) see(e);
  };
  for (const cls of facts.classes) {
    decorators(cls.decorators);
    if (cls.ext) see(cls.ext);
    for (const member of cls.members) {
      decorators(member.decorators);
      if (member.init) see(member.init);
    }
  }
  for (const fn of facts.functions) {
    for (const param of fn.params) {
      decorators(param.decorators);
      // Injected where it is asked by hand.
      if (param.t && names.has(param.t.n)) visit(param.t.n);
    }
    eachExprIn(fn, e => {
      if (e.k === 'id' && names.has(e.n)) visit(e.n);
    });
  }
}
