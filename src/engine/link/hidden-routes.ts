import { classify } from './guards.ts';
import type { Model } from './model.ts';
import type { MutableUnit } from './units.ts';

/** Packages that serve paths of their own, by file names, schemas or plugins that are not read here. */
const SERVES_ITSELF =
  /^(?:next|nuxt|nitropack|h3|astro|@remix-run\/.+|@react-router\/(?:node|serve|dev)|@sveltejs\/kit|@adonisjs\/.+|@feathersjs\/.+|@loopback\/.+|@hapi\/hapi|restify|polka|sails|@strapi\/strapi|strapi|payload|@medusajs\/.+|directus|@keystone-\d+\/.+|@redwoodjs\/.+|meteor.*|lightship|@godaddy\/terminus|express-healthcheck|@cloudnative\/health.*|express-actuator|express-prom-bundle|express-prometheus-middleware|@willsoto\/nestjs-prometheus|@fastify\/autoload|@fastify\/static|@fastify\/under-pressure|fastify-metrics|@trpc\/server|routing-controllers|tsoa|inversify-express-utils|express-openapi-validator|express-file-routing|fets|elysia|encore\.dev|moleculer-web|@tinyhttp\/.+|hyper-express|uWebSockets\.js|find-my-way|rayo|koa-router|@koa\/router|koa)$/;

/** Why a unit may serve paths that no known route says; undefined if nothing points there. */
export function hiddenRoutes({ project, program }: Model, unit: MutableUnit): string | undefined {
  if (unit.routes.length === 0) return 'no routes are known';
  const partial = unit.routes.find(route => route.partial !== undefined);
  if (partial) return partial.partial;
  const spoken = new Set(
    program.adapters.all
      .filter(one => unit.routes.some(route => route.framework === one.id))
      .flatMap(one => one.packages),
  );
  for (const { name } of unit.package?.facts.dependencies ?? [])
    if (SERVES_ITSELF.test(name.value) && !spoken.has(name.value)) return `${name.value} may serve paths of its own`;
  for (const router of program.routers) {
    if ((project.packageOf(router.span.file)?.folder ?? '') !== unit.folder) continue;
    for (const entry of router.entries) {
      if (entry.k !== 'use') continue;
      for (const handler of entry.handlers) {
        if (handler.k === 'router' || handler.k === 'func') continue;
        const { roles } = classify(program, handler);
        if (roles.includes('unknown') || roles.includes('serves-files'))
          return 'something is mounted that may answer by itself';
      }
    }
  }
  return undefined;
}
