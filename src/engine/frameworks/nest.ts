import type { OperationReader } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import type { RouterObject } from '../link/router.ts';
import { type ApiValue, type CallSite, constant, stringOf, UNKNOWN, type Value } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { discoverNest } from './nest/discover.ts';
import { CONSUMER, provided } from './nest/modules.ts';
import { CONTEXT, injectToken } from './nest/params.ts';
import { isProviding, providerOf, stateOf } from './nest/state.ts';
import { flatValues, isPathValue, methodSpan, pathsOf, registered } from './shared/routes.ts';

const LOGIN =
  /^(?:local|google|github|gitlab|facebook|twitter|apple|microsoft|azure|linkedin|discord|slack|saml|oauth2?|oidc|openid)/i;

/** The module only keeps the settings; its guard has to be bound to routes. */
const throttler: OperationReader = call => ({
  kind: 'limiter-setup',
  args: { options: call.arg(0) },
  is: { library: '@nestjs/throttler', guard: 'ThrottlerGuard' },
});

export const nest = defineAdapter({
  id: 'nest',
  title: 'NestJS',
  docs: 'https://docs.nestjs.com',
  packages: ['@nestjs/core', '@nestjs/common', '@nestjs/config'],
  order: 'scoped',
  routerTypes: [
    '@nestjs/common.INestApplication',
    '@nestjs/platform-express.NestExpressApplication',
    '@nestjs/platform-fastify.NestFastifyApplication',
  ],
  aliases: {
    [`${CONTEXT}#switchToHttp()#getRequest()`]: 'express.Request',
    [`${CONTEXT}#switchToHttp()#getResponse()`]: 'express.Response',
    [`${CONTEXT}#getArgByIndex()`]: 'express.Request',
    '@nestjs/common.ArgumentsHost': CONTEXT,
    '@nestjs/graphql.GqlExecutionContext.create()#getContext()#req': 'express.Request',
    '@nestjs/graphql.GqlExecutionContext.create()#getContext()#request': 'express.Request',
    [`${CONSUMER}#apply()#exclude()`]: `${CONSUMER}#apply()`,
    [`${CONSUMER}#apply()#forRoutes()`]: CONSUMER,
  },

  calls: {
    '@nestjs/core.NestFactory.create': (program, _callee, site) => {
      if (site.env.isStatic) return undefined;
      const router = program.newRouter('nest', site, { app: true, order: 'scoped' });
      stateOf(program).apps.push({ router, root: site.args[0] ?? UNKNOWN });
      return { k: 'router', router };
    },
    '@nestjs/config.registerAs': (program, _callee, site) => {
      const [name, factory] = site.args;
      const namespace = stringOf(name);
      if (namespace !== undefined && factory?.k === 'func') stateOf(program).configs.set(namespace, factory);
      return factory;
    },
    '@nestjs/config.ConfigService#get': configured,
    '@nestjs/config.ConfigService#getOrThrow': configured,
    [`${CONSUMER}#apply()#forRoutes`]: (program, callee, site) => {
      const { middleware, excluded } = applied(callee);
      stateOf(program).consumed.push({ middleware, excluded, routes: flatValues(site.args), span: methodSpan(site) });
      return undefined;
    },
  },

  router(program, router, method, site) {
    const [first, second] = site.args;
    const list = (name: string): void => {
      const known = router.notes.get(name);
      const items = known?.k === 'array' ? known.items : [];
      router.notes.set(name, { k: 'array', items: [...items, ...site.args], open: false });
    };
    if (method === 'use') use(program, router, site);
    else if (method === 'useGlobalGuards') list('guards');
    else if (method === 'useGlobalPipes') list('pipes');
    else if (method === 'setGlobalPrefix') {
      router.notes.set('prefix', first ?? UNKNOWN);
      if (second) router.notes.set('prefix options', second);
    } else if (method === 'enableVersioning') router.notes.set('versioning', first ?? constant(true));
    else if (method === 'listen') router.notes.set('listens', constant(true));
    else if (method === 'get' && first?.k === 'class') return { k: 'instance', of: first, fields: new Map() };
    else if (method === 'get' && first?.k === 'api') return { ...first, inst: true };
    return { k: 'router', router };
  },

  request: {
    '@nestjs/common.Body': 'body',
    '@nestjs/common.Query': 'query',
    '@nestjs/common.Param': 'params',
    '@nestjs/common.Headers': 'headers',
    '@nestjs/common.UploadedFile': 'files',
    '@nestjs/common.UploadedFiles': 'files',
    '@nestjs/common.Session': 'session',
    '@nestjs/common.Ip': 'ip',
    '@nestjs/common.HostParam': 'headers',
    '@nestjs/common.RawBody': 'raw',
    '@nestjs/websockets.MessageBody': 'body',
    '@nestjs/microservices.Payload': 'body',
    '@nestjs/graphql.Args': 'arguments',
  },

  operations: {
    '@nestjs/common.ValidationPipe': call => ({ kind: 'validation-pipe', args: { options: call.arg(0) } }),
    '@nestjs/throttler.ThrottlerModule.forRoot': throttler,
    '@nestjs/throttler.ThrottlerModule.forRootAsync': throttler,
  },

  middleware: {
    '@nestjs/passport.AuthGuard()': made => passportRoles(made),
    '@nestjs/throttler.ThrottlerGuard': ['limits-rate'],
    '@thallesp/nestjs-better-auth.AuthGuard': ['authenticates'],
    'nest-keycloak-connect.AuthGuard': ['authenticates'],
    'nest-keycloak-connect.RoleGuard': ['authorizes'],
    'nest-keycloak-connect.ResourceGuard': ['authorizes'],
    '@nestjs/common.ValidationPipe()': ['neutral'],
  },

  inject(program, env, param) {
    if (!isProviding(program)) return undefined;
    const token = injectToken(program, env, param);
    if (!token || token.k === 'unknown') return undefined;
    const provider = providerOf(program, token);
    const value = provider && provided(program, provider);
    return value && value.k !== 'unknown' ? value : undefined;
  },

  discover: discoverNest,
});

/** A strategy that sends people to a provider is the sign-in itself; one that lets anonymous callers in is no guard. */
function passportRoles(made: ApiValue): readonly ('authenticates' | 'signs-in' | 'neutral')[] {
  const [first] = made.made?.args ?? [];
  const names = (first?.k === 'array' ? first.items : [first]).map(stringOf);
  if (names.includes('anonymous')) return ['neutral'];
  return names.length > 0 && names.every(name => name !== undefined && LOGIN.test(name))
    ? ['signs-in']
    : ['authenticates'];
}

/** `configService.get('app.prefix')` of a namespace that `registerAs` declared. */
function configured(program: Program, _callee: ApiValue, site: CallSite): Value | undefined {
  const key = stringOf(site.args[0]);
  if (key === undefined) return undefined;
  const [namespace = '', ...rest] = key.split('.');
  const factory = stateOf(program).configs.get(namespace);
  if (!factory) return undefined;
  let value: Value | undefined = program.returns(factory, []);
  for (const name of rest) value = value?.k === 'object' ? value.props.get(name) : undefined;
  return value;
}

function use(program: Program, router: RouterObject, site: CallSite): void {
  const [first, ...rest] = site.args;
  const hasPath = first !== undefined && rest.length > 0 && isPathValue(first);
  const handlers = flatValues(hasPath ? rest : site.args);
  for (const handler of handlers) program.giveParams(handler, MIDDLEWARE);
  for (const path of hasPath ? pathsOf(first) : [undefined])
    router.entries.push({
      k: 'use',
      path,
      handlers,
      ...registered(program, router, site),
    });
}

const MIDDLEWARE: readonly Value[] = ['express.Request', 'express.Response', 'express.NextFunction'].map(path => ({
  k: 'api',
  path,
  inst: true,
}));

/** The middleware and exclusions of the fluent call that ends in `forRoutes`. */
function applied(callee: ApiValue): { middleware: Value[]; excluded: Value[] } {
  const middleware: Value[] = [];
  const excluded: Value[] = [];
  for (let at: ApiValue | undefined = callee.from; at; at = at.from?.from) {
    if (!at.made) break;
    const name = at.made.call.f.k === 'mem' ? at.made.call.f.n : '';
    (name === 'exclude' ? excluded : middleware).push(...flatValues(at.made.args));
  }
  return { middleware, excluded };
}
