/** Calls that let the request pass to what comes next. */
export const PASSES_ON: ReadonlySet<string> = new Set(['express.NextFunction', 'koa.Next', 'hono.Next']);

/** Calls that set and get by name what is left on an object of the request, by API path: the member that holds it. */
export const LEFT_BY_NAME: Readonly<Record<string, { readonly member: string | undefined; readonly sets: boolean }>> = {
  'hono.Context#set': { member: 'var', sets: true },
  'hono.Context#get': { member: 'var', sets: false },
  'fastify.FastifyRequest#setDecorator': { member: undefined, sets: true },
  'fastify.FastifyRequest#getDecorator': { member: undefined, sets: false },
};

/** Methods that a framework calls before the handler, of classes that stand in its way. */
export const STEP_METHODS: readonly string[] = ['use', 'canActivate', 'intercept'];
