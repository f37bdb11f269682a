import { typeFieldsOf } from '../../link/graphql-types.ts';
import type { Program } from '../../link/program.ts';
import type { RouterObject, RouteVerdict } from '../../link/router.ts';
import { type ClassValue, type FileUnit, stringOf } from '../../link/values.ts';
import { type DecoratedMethod, methodsOf } from '../shared/decorated-methods.ts';
import { type Decoration, decorationsOf } from '../shared/decorations.ts';
import { addField, type FieldKind, ROOT_KINDS, spanOf } from './schema.ts';

/** Libraries whose resolvers are classes with decorated methods, and how they call the decorator of other fields. */
export interface Dialect {
  readonly module: string;
  readonly fieldResolver: string;
  readonly parent: string;
}

/** Every class of the program with the library's `@Resolver`. */
export function resolverClasses(program: Program, { module }: Dialect): ClassValue[] {
  const out: ClassValue[] = [];
  for (const unit of program.units.values()) {
    if (!mentions(unit, module)) continue;
    for (const cls of unit.facts.classes) {
      if (!cls.decorators?.length) continue;
      const onClass = decorationsOf(program, unit.env, cls.decorators);
      if (onClass.some(({ path }) => path === `${module}.Resolver`))
        out.push({ k: 'class', file: unit.path, cls, env: unit.env });
    }
  }
  return out;
}

function mentions({ facts }: FileUnit, module: string): boolean {
  return facts.imports.some(one => one.module === module);
}

/** Adds a resolver class's root fields to a schema, and notes its other fields. */
export function addResolverClass(
  program: Program,
  schema: RouterObject,
  cls: ClassValue,
  dialect: Dialect,
  judge: (method: DecoratedMethod, kind: FieldKind) => RouteVerdict,
  prepare: (method: DecoratedMethod) => void,
): void {
  const onClass = decorationsOf(program, cls.env, cls.cls.decorators);
  for (const method of methodsOf(program, cls, onClass)) {
    for (const one of method.onMethod) {
      const name = one.path.startsWith(`${dialect.module}.`) ? one.path.slice(dialect.module.length + 1) : '';
      const kind = ROOT_KINDS.get(name);
      if (kind) {
        prepare(method);
        const field = { kind, name: fieldName(one, method), handlers: [method.handler], span: one.span };
        addField(schema, { ...field, judge: () => judge(method, kind) });
      } else if (name === dialect.fieldResolver) {
        prepare(method);
        noteTypeField(program, method, dialect);
      }
    }
  }
}

/** `@Query(() => User, { name: 'me' })`, `@Query('me')`, or the method's own name. */
function fieldName({ args }: Decoration, { handler }: DecoratedMethod): string | undefined {
  const options = args.find(arg => arg.k === 'object');
  const given = options?.k === 'object' ? options.props.get('name') : undefined;
  if (given) return stringOf(given);
  return stringOf(args[0]) ?? handler.fn.name;
}

function noteTypeField(program: Program, method: DecoratedMethod, { module, parent }: Dialect): void {
  const { handler, onClass, onMethod } = method;
  const position = handler.fn.params.findIndex(param =>
    decorationsOf(program, handler.env, param.decorators).some(one => one.path === `${module}.${parent}`),
  );
  // Without its parent a field asks for the same each time: a cache or a loader may well stand behind it.
  if (position === -1) return;
  const of = onClass.find(one => one.path === `${module}.Resolver`)?.args[0];
  const returned = of?.k === 'func' ? program.returns(of, []) : of;
  const type = returned?.k === 'class' ? returned.cls.name : stringOf(returned);
  const own = onMethod.map(one => stringOf(one.args[0])).find(name => name !== undefined);
  typeFieldsOf(program).push({
    type,
    name: own ?? handler.fn.name,
    func: handler,
    parent: position,
    span: spanOf(handler),
  });
}
