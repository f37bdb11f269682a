import type { Model } from '../link/model.ts';

const LIMITERS =
  /^(?:express-rate-limit|express-slow-down|express-brute.*|rate-limiter-flexible|@fastify\/rate-limit|fastify-rate-limit|@nestjs\/throttler|nestjs-throttler.*|nestjs-rate-limiter|koa-ratelimit|koa2-ratelimit|hono-rate-limiter|@hono-rate-limiter\/.+|@upstash\/ratelimit|@arcjet\/.+|limiter|bottleneck|better-auth|@unkey\/ratelimit|graphql-rate-limit.*)$/;
const INGRESS = /limit-(?:rps|rpm|connections|req)|rate-?limit|throttl/i;

/** Whether requests to a unit are limited outside its code: by a gateway the settings name, or an ingress of the workspace. */
export function isLimitedOutside({ project, settings }: Model, unit: string): boolean {
  if (settings.configOf(unit).facts?.externalRateLimit) return true;
  return project
    .artefactsOf('kubernetes')
    .some(({ facts }) =>
      facts.resources.some(
        resource => 'annotations' in resource && resource.annotations.some(({ name }) => INGRESS.test(name.value)),
      ),
    );
}

/** Whether a package declares a library that limits rates; where none of its steps was seen, one may still be at work. */
export function declaresLimiter({ project }: Model, file: string): boolean {
  return (project.packageOf(file)?.facts.dependencies ?? []).some(({ name }) => LIMITERS.test(name.value));
}
