import type { EvidenceId } from '../knowledge/evidence-ids.ts';
import type { Detector } from './evidence.ts';
import { anyOf, dependencies, endpoints, operations } from './shared.ts';

const HEALTH = /\/(?:_?health[\w-]*|livez?|liveness|readyz?|readiness)$|^(?:\/api)?(?:\/v\d+)?\/(?:ping|status|up)$/i;

/** What the code itself shows: operations, endpoints and the libraries it depends on. */
export const codeEvidence = {
  'outbound-service-call': model => {
    const units = new Set(model.project.packages.map(one => one.folder));
    if (units.size < 2) return [];
    return model
      .operations('http-request')
      .filter(({ is }) => is['ownService'] === true)
      .map(({ span }) => ({ span, message: 'calls another service of the workspace' }));
  },
  'message-broker': anyOf(
    operations('message-consume', 'consumes messages'),
    operations('message-publish', 'publishes messages'),
  ),
  'timeout-set': operations('http-request', 'has a time limit', ({ is }) => is['bounded'] === true),
  'retry-bounded': dependencies(/^(?:axios-retry|p-retry|async-retry|cockatiel|exponential-backoff)$/),
  'edge-state': dependencies(/^(?:@upstash\/redis|@vercel\/kv|@cloudflare\/.*|@neondatabase\/serverless)$/),
  'cache-api': operations('header-set', 'sets cache headers', ({ args }) => {
    const name = args['name']?.value;
    return name?.k === 'const' && typeof name.v === 'string' && name.v.toLowerCase() === 'cache-control';
  }),
  'llm-client': anyOf(
    operations('llm-client', 'creates a language-model client'),
    operations('llm-call', 'calls a language model'),
  ),
  'model-output-schema': dependencies(/^(?:@ai-sdk\/.*|ai|zod-to-json-schema|@instructor-ai\/instructor)$/),
  'schema-validators': anyOf(
    endpoints(
      ({ method, path }) => `${method} ${path} validates its input`,
      ({ validation }) => validation === 'yes',
    ),
    operations('validate', 'validates against a schema'),
  ),
  'generated-spec': dependencies(
    /^(?:@nestjs\/swagger|@fastify\/swagger|@hono\/zod-openapi|tsoa|swagger-jsdoc|@asteasolutions\/zod-to-openapi|@ts-rest\/.*|trpc-openapi|@orpc\/openapi)$/,
  ),
  'problem-details': operations('header-set', 'answers problem+json', ({ args }) => {
    const value = args['value']?.value;
    return value?.k === 'const' && value.v === 'application/problem+json';
  }),
  'versioned-routes': endpoints(
    ({ method, path }) => `${method} ${path}`,
    ({ path }) => /^(?:\/\w+)?\/v\d+(?:\/|$)/.test(path),
  ),
  resolvers: anyOf(
    operations('graphql-server', 'serves GraphQL'),
    dependencies(/^(?:@nestjs\/graphql|type-graphql|@pothos\/core|nexus)$/),
  ),
  'query-limits': dependencies(
    /^(?:@escape\.tech\/graphql-armor.*|graphql-depth-limit|@graphile\/depth-limit|graphql-query-complexity|graphql-cost-analysis|graphql-validation-complexity)$/,
  ),
  dataloader: dependencies(/^(?:dataloader|@pothos\/plugin-prisma|mercurius-.*loader.*)$/),
  authentication: endpoints(
    ({ method, path }) => `${method} ${path} checks who is calling`,
    ({ auth }) => auth === 'yes',
  ),
  authorization: endpoints(
    ({ method, path }) => `${method} ${path} checks what the caller may do`,
    ({ authorization }) => authorization === 'yes',
  ),
  validation: endpoints(
    ({ method, path }) => `${method} ${path} validates its input`,
    ({ validation }) => validation === 'yes',
  ),
  'rate-limit': anyOf(
    endpoints(
      ({ method, path }) => `${method} ${path} is limited`,
      ({ rateLimit }) => rateLimit === 'yes',
    ),
    dependencies(
      /^(?:@nestjs\/throttler|@fastify\/rate-limit|express-rate-limit|rate-limiter-flexible|koa-ratelimit|hono-rate-limiter|@upstash\/ratelimit)$/,
    ),
  ),
  'security-headers': anyOf(
    endpoints(
      ({ method, path }) => `${method} ${path} answers with security headers`,
      ({ chain }) => chain.some(link => link.roles.includes('security-headers')),
    ),
    dependencies(/^(?:helmet|@fastify\/helmet|koa-helmet)$/),
  ),
  mfa: dependencies(/^(?:otplib|speakeasy|@simplewebauthn\/server|node-2fa|totp-generator|@otplib\/.*)$/),
  encryption: anyOf(
    operations('password-hash', 'hashes passwords'),
    dependencies(/^(?:argon2|@node-rs\/argon2|bcrypt|bcryptjs|@node-rs\/bcrypt)$/),
  ),
  'webhook-signature': anyOf(
    endpoints(
      ({ method, path }) => `${method} ${path} verifies the sender’s signature`,
      ({ chain }) => chain.some(link => link.roles.includes('verifies-signature')),
    ),
    operations('signature-verify', 'verifies a signature'),
  ),
  'graceful-shutdown': operations('shutdown-hook', 'handles the end of the process'),
  tracing: operations('telemetry-start', 'starts tracing'),
  'structured-logging': anyOf(
    operations('log', 'logs through a structured logger', ({ is }) => is['structured'] === true),
    dependencies(/^(?:pino|winston|bunyan|nestjs-pino|@logtape\/logtape|loglayer|@aws-lambda-powertools\/logger)$/),
  ),
  metrics: anyOf(
    operations('metrics', 'records a metric'),
    dependencies(
      /^(?:prom-client|@willsoto\/nestjs-prometheus|fastify-metrics|express-prom-bundle|@opentelemetry\/sdk-metrics|hot-shots)$/,
    ),
  ),
  'health-endpoint': endpoints(
    ({ method, path }) => `${method} ${path}`,
    ({ path }) => HEALTH.test(path) && !path.includes(':'),
  ),
  'error-tracking': anyOf(
    operations('error-report', 'reports errors'),
    dependencies(
      /^(?:@sentry\/(?:node|nestjs|aws-serverless|cloudflare|bun)|@bugsnag\/node|rollbar|@honeybadger-io\/js)$/,
    ),
  ),
  cache: dependencies(/^(?:ioredis|redis|cache-manager|@nestjs\/cache-manager|lru-cache|keyv|memcached|node-cache)$/),
  pagination: operations(
    'db',
    'reads a limited number of rows',
    ({ is }) => is['action'] === 'read-many' && is['limited'] === true,
  ),
  'shared-client': operations('db-client', 'is created once per process', ({ fn }) => fn.kind === 'module'),
  'external-state': dependencies(
    /^(?:connect-redis|rate-limit-redis|@nest-lab\/throttler-storage-redis|bullmq|bull|connect-mongo|connect-pg-simple)$/,
  ),
  'idempotency-key': dependencies(/^(?:@aws-lambda-powertools\/idempotency|express-idempotency)$/),
  'database-client': anyOf(
    operations('db-client', 'creates a database client'),
    operations('db', 'queries a database'),
    operations('sql', 'queries a database'),
  ),
  transactions: operations('transaction', 'runs a transaction'),
} satisfies Partial<Record<EvidenceId, Detector>>;
