import { evaluate } from '../link/evaluate.ts';
import { classify } from '../link/guards.ts';
import type { Program } from '../link/program.ts';
import type { RouteVerdict } from '../link/router.ts';
import { spanAt } from '../link/spans.ts';
import { api, type FuncValue, UNKNOWN, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { addResolverClass, type Dialect, resolverClasses } from './graphql/decorated.ts';
import { ARGS, CONTEXT, newSchema } from './graphql/schema.ts';
import type { DecoratedMethod } from './shared/decorated-methods.ts';
import type { Decoration } from './shared/decorations.ts';
import { decorationsOf } from './shared/decorations.ts';
import { libraryCalls } from './shared/library-calls.ts';

const DIALECT: Dialect = { module: 'type-graphql', fieldResolver: 'FieldResolver', parent: 'Root' };
const MAKERS = new Set(['buildSchema', 'buildSchemaSync', 'buildTypeDefsAndResolvers']);

export const typeGraphql = defineAdapter({
  id: 'type-graphql',
  title: 'TypeGraphQL',
  docs: 'https://typegraphql.com/docs/introduction.html',
  packages: ['type-graphql'],
  request: { 'type-graphql.Arg': 'arguments', 'type-graphql.Args': 'arguments' },
  // Without an `authChecker` the schema would not build.
  middleware: { 'type-graphql.Authorized()': ['authenticates'], 'type-graphql.Authorized': ['authenticates'] },
  discover(program) {
    const classes = resolverClasses(program, DIALECT);
    const [first] = classes;
    if (!first) return;
    const isMaker = (path: string): boolean => path.startsWith('type-graphql.');
    const made = [...libraryCalls(program, /^type-graphql$/, MAKERS, isMaker)];
    const span = made[0]?.span ?? spanAt(first.file, first.cls.np);
    const schema = newSchema(program, 'type-graphql', span);
    for (const { call, env, span: at } of made) {
      const options = call.a[0] ? evaluate(program, env, call.a[0]) : UNKNOWN;
      const global = options.k === 'object' ? options.props.get('globalMiddlewares') : undefined;
      const handlers = global?.k === 'array' ? global.items : [];
      for (const one of handlers) giveMiddleware(program, one);
      schema.entries.push({
        k: 'use',
        path: undefined,
        handlers,
        span: at,
        conditional: made.length > 1,
        stage: 'global',
      });
    }
    for (const cls of classes) {
      if (cls.cls.abstract) continue;
      const judge = (method: DecoratedMethod): RouteVerdict => ({ steps: stepsOf(program, method) });
      addResolverClass(program, schema, cls, DIALECT, judge, method => {
        giveParams(program, method.handler);
        for (const value of middlewareOf([...method.onClass, ...method.onMethod])) giveMiddleware(program, value);
      });
    }
  },
});

function stepsOf(program: Program, { onClass, onMethod }: DecoratedMethod): RouteVerdict['steps'] {
  return [...onClass, ...onMethod].flatMap(one => {
    const via = `@${one.name} on the ${onMethod.includes(one) ? 'method' : 'class'}`;
    const { span } = one;
    if (one.path === 'type-graphql.Authorized')
      return [{ value: one.value, ...classify(program, one.value), span, via }];
    const isUnseen = one.path === '' && /auth|guard|role|permission|admin|protect/i.test(one.name);
    if (isUnseen) return [{ value: one.value, roles: ['unknown' as const], span, via, why: via, evidence: [] }];
    return middlewareOf([one]).map(value => ({ value, ...classify(program, value), span, via }));
  });
}

function middlewareOf(decorations: readonly Decoration[]): Value[] {
  return decorations
    .filter(one => one.path === 'type-graphql.UseMiddleware')
    .flatMap(one => one.args.flatMap(arg => (arg.k === 'array' ? arg.items : [arg])));
}

/** `({ context, args, root }, next) => …`, or a class with such a method. */
function giveMiddleware(program: Program, value: Value): void {
  const data: Value = { k: 'api', path: 'graphql.ResolverData', inst: true };
  program.giveParams(value, [data, api('graphql.NextFunction', true)]);
}

function giveParams(program: Program, handler: FuncValue): void {
  const params = handler.fn.params.map(param => {
    const paths = decorationsOf(program, handler.env, param.decorators).map(({ path }) => path);
    if (paths.includes('type-graphql.Ctx')) return api(CONTEXT, true);
    return paths.some(path => path === 'type-graphql.Arg' || path === 'type-graphql.Args') ? api(ARGS, true) : UNKNOWN;
  });
  program.giveParams(handler, params);
}
