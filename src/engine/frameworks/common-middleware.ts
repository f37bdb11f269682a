import { defineAdapter } from './adapter.ts';

const LOGS = ['logs'] as const;
const AUTHENTICATES = ['authenticates'] as const;
const LIMITS = ['limits-rate'] as const;

/** Ready-made middleware of the Express family, by what it does. Registration alone of a session or passport is no guard. */
export const commonMiddleware = defineAdapter({
  id: 'common-middleware',
  title: 'Express middleware',
  docs: 'https://expressjs.com/en/resources/middleware.html',
  packages: [
    'helmet',
    'cors',
    'morgan',
    'compression',
    'cookie-parser',
    'body-parser',
    'express-session',
    'passport',
    'express-jwt',
    'express-rate-limit',
    'multer',
  ],
  aliases: {
    'express-jwt.expressjwt': 'express-jwt',
    'express-rate-limit.rateLimit': 'express-rate-limit',
    'express-slow-down.slowDown': 'express-slow-down',
    'pino-http.pinoHttp': 'pino-http',
    csurf: 'csurf',
  },
  middleware: {
    'helmet()': ['security-headers'],
    'cors()': ['cors'],
    'morgan()': LOGS,
    'pino-http()': LOGS,
    'express-winston.logger()': LOGS,
    'compression()': ['neutral'],
    'response-time()': ['neutral'],
    'connect-timeout()': ['neutral'],
    'method-override()': ['neutral'],
    'serve-favicon()': ['neutral'],
    'connect-flash()': ['neutral'],
    'i18n.init': ['neutral'],
    'express-fileupload()': ['parses-body'],
    'hpp()': ['neutral'],
    'express-mongo-sanitize()': ['neutral'],
    'express-validator.body()': ['neutral'],
    'cookie-parser()': ['parses-cookies'],
    'cookie-session()': ['session'],
    'express-session()': ['session'],
    'body-parser()': ['parses-body'],
    'body-parser.json()': ['parses-body'],
    'body-parser.urlencoded()': ['parses-body'],
    'body-parser.raw()': ['parses-body'],
    'body-parser.text()': ['parses-body'],
    'multer()#single()': ['parses-body'],
    'multer()#array()': ['parses-body'],
    'multer()#fields()': ['parses-body'],
    'multer()#any()': ['parses-body'],
    'multer()#none()': ['parses-body'],
    'passport.initialize()': ['neutral'],
    'passport.session()': ['session'],
    'passport.authenticate()': AUTHENTICATES,
    'express-jwt()': made => (optionIsFalse(made, 'credentialsRequired') ? ['recognises'] : AUTHENTICATES),
    'express-openid-connect.requiresAuth()': AUTHENTICATES,
    'express-openid-connect.auth()': made => (optionIsFalse(made, 'authRequired') ? ['recognises'] : AUTHENTICATES),
    'express-oauth2-jwt-bearer.auth()': AUTHENTICATES,
    'express-oauth2-jwt-bearer.requiredScopes()': ['authorizes'],
    '@clerk/express.clerkMiddleware()': ['recognises'],
    '@clerk/express.requireAuth()': AUTHENTICATES,
    'connect-ensure-login.ensureLoggedIn()': AUTHENTICATES,
    'express-basic-auth()': AUTHENTICATES,
    'express-rate-limit()': LIMITS,
    'express-slow-down()': LIMITS,
    'csurf()': ['csrf'],
    'lusca.csrf()': ['csrf'],
    'celebrate.celebrate()': ['validates-body', 'validates-query', 'validates-params'],
    'celebrate.errors()': ['handles-errors'],
    '@fastify/cors': ['cors'],
    '@fastify/helmet': ['security-headers'],
    '@fastify/rate-limit': LIMITS,
    '@fastify/jwt': ['neutral'],
    '@fastify/cookie': ['parses-cookies'],
    '@fastify/session': ['session'],
    '@fastify/secure-session': ['session'],
    '@fastify/multipart': ['parses-body'],
    '@fastify/formbody': ['parses-body'],
    '@fastify/swagger': ['neutral'],
    '@fastify/swagger-ui': ['neutral'],
    '@fastify/sensible': ['neutral'],
    '@fastify/static': ['serves-files'],
    '@fastify/websocket': ['neutral'],
    '@fastify/under-pressure': ['neutral'],
    '@fastify/compress': ['neutral'],
    '@fastify/etag': ['neutral'],
    '@fastify/auth': ['neutral'],
    '@fastify/bearer-auth': AUTHENTICATES,
    '@fastify/basic-auth': ['neutral'],
    '@fastify/autoload': ['neutral'],
  },
  operations: {
    'express-session': call => ({
      kind: 'session-setup',
      args: { options: call.arg(0) },
      is: { library: 'express-session' },
    }),
    'cookie-session': call => ({
      kind: 'session-setup',
      args: { options: call.arg(0) },
      is: { library: 'cookie-session' },
    }),
    cors: call => ({ kind: 'cors-setup', args: { options: call.arg(0) } }),
    'express-rate-limit': call => ({
      kind: 'limiter-setup',
      args: { options: call.arg(0) },
      is: { library: 'express-rate-limit' },
    }),
  },
});

function optionIsFalse(made: { readonly made?: { readonly args: readonly unknown[] } }, name: string): boolean {
  const [options] = (made.made?.args ?? []) as readonly {
    k: string;
    props?: Map<string, { k: string; v?: unknown }>;
  }[];
  const value = options?.props?.get(name);
  return value?.k === 'const' && value.v === false;
}
