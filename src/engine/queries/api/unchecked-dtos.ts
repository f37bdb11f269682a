import { classHasRules } from '../../frameworks/shared/class-rules.ts';
import { decorationsOf } from '../../frameworks/shared/decorations.ts';
import { typeValue } from '../../link/declared.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import { perModel } from '../../link/kept/per-model.ts';
import type { Model } from '../../link/model.ts';
import { resolveModule } from '../../link/modules.ts';
import type { Program } from '../../link/program.ts';
import type { Project } from '../../link/project.ts';
import { spanAt } from '../../link/spans.ts';
import type { ClassValue, FuncValue } from '../../link/values.ts';
import type { ClassMember, ImportFact, Param, TypeDecl } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** Input that a pipe for declared types lets through, although it looks as if it were checked. */
export interface UncheckedDto {
  readonly endpoint: Endpoint;
  /** Every route that takes it, this one included. */
  readonly endpoints: readonly Endpoint[];
  readonly span: Span;
  /** Name of the declared type; of the property for a nested one. */
  readonly name: string;
  readonly is: /** The class is imported as a type only: nothing is left of it at run time. */
    | { readonly k: 'erased'; readonly imported: ImportFact }
    /** An interface or an alias: nothing is left of it either. */
    | { readonly k: 'shape' }
    /** A class without a single rule. */
    | { readonly k: 'bare' }
    /** A property whose class has rules that nobody asks for. */
    | {
        readonly k: 'nested';
        readonly member: ClassMember;
        readonly of: ClassValue;
        readonly missing: readonly string[];
      };
}

const PARTS = new Map([
  ['@nestjs/common.Body', 'validates-body'],
  ['@nestjs/common.Query', 'validates-query'],
] as const);

/** Each declared type once, with a route that takes it. */
export const uncheckedDtos: (model: Model) => readonly UncheckedDto[] = perModel(model =>
  model.operations('validation-pipe').length === 0 ? [] : find(model),
);

function find(model: Model): UncheckedDto[] {
  const out = new Map<string, UncheckedDto>();
  const judged = model.endpoints.filter(one => one.handler && model.isJudged(one.handler.file));
  // A pipe that checks declared types before some route, from where it holds for all of the service.
  const piped = new Set(judged.filter(one => one.chain.some(isGlobalPipe)).map(({ unit }) => unit));
  for (const endpoint of judged) {
    const { handler, unit, partial, chain } = endpoint;
    if (!handler || partial !== undefined || !piped.has(unit)) continue;
    if (chain.some(({ roles }) => roles.includes('verifies-signature'))) continue;
    for (const param of handler.fn.params)
      for (const dto of judge(model.program, endpoint, handler, param)) {
        const key = `${dto.span.file}:${dto.span.start}`;
        const before = out.get(key) ?? { ...dto, endpoints: [] };
        out.set(key, { ...before, endpoints: [...before.endpoints, endpoint] });
      }
  }
  return [...out.values()];
}

function isGlobalPipe({ roles, via, value }: Endpoint['chain'][number]): boolean {
  if (!roles.includes('validates-body') && !roles.includes('validates-query')) return false;
  return !/ on the |on the parameter/.test(via) && value.k === 'api';
}

function judge(program: Program, endpoint: Endpoint, handler: FuncValue, param: Param): UncheckedDto[] {
  const own = decorationsOf(program, handler.env, param.decorators);
  const role = own.map(({ path }) => PARTS.get(path as '@nestjs/common.Body')).find(one => one !== undefined);
  // A name takes one property, and a pipe of its own judges by itself.
  if (!role || !param.t || own.some(({ args }) => args.length > 0)) return [];
  const found = { endpoint, endpoints: [endpoint], name: param.t.n };
  const type = typeValue(program, handler.env, param.t);
  if (type.k === 'instance') {
    const { of } = type;
    const imported = handler.env.unit.facts.imports.find(one => one.local === found.name && one.typeOnly);
    if (!classHasRules(program, of, 0)) {
      const isOwn = !endpoint.chain.some(({ roles }) => roles.includes(role)) && isPlain(program, of);
      return isOwn ? [{ ...found, span: spanAt(of.file, of.cls.np), is: { k: 'bare' } }] : [];
    }
    if (imported) return [{ ...found, span: spanAt(handler.file, imported.p), is: { k: 'erased', imported } }];
    return nested(program, endpoint, of);
  }
  if (endpoint.chain.some(({ roles }) => roles.includes(role))) return [];
  const declared = declaredType(program.project, handler.file, param.t.n, 0);
  return declared ? [{ ...found, span: spanAt(handler.file, param.t.p), is: { k: 'shape' } }] : [];
}

/** A class of plain fields, not derived from anything that may bring rules of another kind. */
function isPlain(program: Program, { cls, env }: ClassValue): boolean {
  const fields = cls.members.filter(one => one.kind === 'field' && !one.static);
  return (
    !cls.ext &&
    fields.length > 0 &&
    fields.length === cls.members.length &&
    // Decorators of the project may compose rules.
    cls.members.every(({ decorators }) => decorationsOf(program, env, decorators).every(({ path }) => path !== '')) &&
    decorationsOf(program, env, cls.decorators).every(({ path }) => path !== '')
  );
}

/** An interface, or an alias of an object shape, found through imports. */
function declaredType(project: Project, file: string, name: string, depth: number): TypeDecl | undefined {
  const facts = project.sources.get(file);
  if (!facts || depth > 4 || facts.classes.some(one => one.name === name)) return undefined;
  const own = facts.types.find(one => one.name === name);
  if (own) return own.kind === 'interface' || (own.kind === 'alias' && own.t?.members) ? own : undefined;
  const imported = facts.imports.find(one => one.local === name);
  const passed = facts.exports.find(one => one.k === 'from' && (one.name === name || one.name === '*'));
  const [module, wanted] = imported
    ? [imported.module, imported.name]
    : passed?.k === 'from'
      ? [passed.module, passed.name === '*' ? name : passed.from]
      : [];
  const target = module === undefined ? undefined : resolveModule(project, file, module);
  return target?.k === 'file' && wanted ? declaredType(project, target.path, wanted, depth + 1) : undefined;
}

/** Properties whose class has rules, without the decorators that make the pipe look into it. */
function nested(program: Program, endpoint: Endpoint, of: ClassValue): UncheckedDto[] {
  return of.cls.members.flatMap((member): UncheckedDto[] => {
    const { t, decorators } = member;
    if (member.kind !== 'field' || !t || member.static) return [];
    const element = t.args?.[0];
    const list = t.array === true || ((t.n === 'Array' || t.n === 'ReadonlyArray') && element !== undefined);
    const { array: _, ...single } = t.array ? t : (element ?? t);
    const inner = typeValue(program, of.env, list ? single : t);
    if (inner.k !== 'instance' || !classHasRules(program, inner.of, 0)) return [];
    const own = decorationsOf(program, of.env, decorators);
    // Without any rule the property is left alone on purpose or by mistake; a decorator of the project may do anything.
    if (
      own.length === 0 ||
      own.some(({ path }) => !/^(?:class-validator|class-transformer|@nestjs\/swagger)\./.test(path))
    )
      return [];
    const has = (name: string): boolean => own.some(({ path }) => path.endsWith(`.${name}`));
    if (['IsInstance', 'ValidatePromise', 'Validate', 'Transform', 'Exclude', 'Allow'].some(has)) return [];
    const missing = [...(has('ValidateNested') ? [] : ['ValidateNested']), ...(has('Type') || !list ? [] : ['Type'])];
    if (missing.length === 0) return [];
    return [
      {
        endpoint,
        endpoints: [endpoint],
        name: member.n,
        span: spanAt(of.file, member.np),
        is: { k: 'nested', member, of: inner.of, missing },
      },
    ];
  });
}
