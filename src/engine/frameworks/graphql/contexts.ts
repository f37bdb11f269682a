import { evaluate } from '../../link/evaluate.ts';
import type { Program } from '../../link/program.ts';
import { alternatives, api, type FuncValue } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { libraryCalls } from '../shared/library-calls.ts';

/** A function that a server runs before the resolvers of each request, and which may turn the caller away. */
export interface ContextStep {
  readonly folder: string;
  readonly func: FuncValue;
  readonly span: Span;
}

const SERVERS =
  /^(?:@apollo\/server|@as-integrations\/|apollo-server|graphql-yoga|@graphql-yoga\/|mercurius|express-graphql|graphql-http|@nestjs\/graphql)/;
const NAMES = new Set([
  'ApolloServer',
  'expressMiddleware',
  'fastifyApolloPlugin',
  'koaMiddleware',
  'startStandaloneServer',
  'startServerAndCreateLambdaHandler',
  'startServerAndCreateNextHandler',
  'createYoga',
  'createServer',
  'GraphQLServer',
  'graphqlHTTP',
  'createHandler',
  'forRoot',
  'register',
]);

/** API type of what a server hands to a context function. */
export const REQUEST_CONTEXT = 'graphql.RequestContext';

export function contextsOf(program: Program): ContextStep[] {
  const out: ContextStep[] = [];
  const isServer = (path: string): boolean => SERVERS.test(path) || path === '~router#register';
  for (const { call, env, span } of libraryCalls(program, SERVERS, NAMES, isServer)) {
    for (const arg of call.a) {
      if (arg.k === 'fn') continue;
      const options = evaluate(program, env, arg);
      const context = options.k === 'object' ? options.props.get('context') : undefined;
      for (const func of alternatives(context ?? { k: 'unknown' })) {
        if (func.k !== 'func') continue;
        program.giveParams(func, [api(REQUEST_CONTEXT, true)]);
        out.push({ folder: program.project.packageOf(span.file)?.folder ?? '', func, span });
      }
    }
  }
  return out;
}
