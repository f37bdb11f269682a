import { dockerfileOf } from '../../link/images.ts';
import type { Model } from '../../link/model.ts';
import type { Unit } from '../../link/units.ts';
import type { Span } from '../../model/span.ts';
import { loadedModules, startTexts } from '../service-packages.ts';

/** Base images that set no stage of their own. */
const PLAIN_BASE =
  /^(?:docker\.io\/)?(?:library\/)?(?:node|alpine|debian|ubuntu)$|^gcr\.io\/distroless\/nodejs|^public\.ecr\.aws\/(?:docker\/library\/node|lambda\/nodejs)$|^cgr\.dev\/chainguard\/node$/;
/** Bundlers that write the stage into the bundle. */
const BUNDLERS =
  /^(?:webpack|serverless-webpack|serverless-bundle|serverless-esbuild|vite|@rsbuild\/core|@rspack\/core|parcel)$/;

/**
 * Where a unit is deployed without a production stage: an image, a container or a function whose whole environment is
 * known and does not name `NODE_ENV`. Undefined if anything sets it, or may set it, or nothing says how the unit runs.
 */
export function withoutStage(model: Model, unit: Unit): Span | undefined {
  const { images, workloads, composeServices, functions } = unit;
  const manifest = unit.package?.facts;
  const packages = [...(manifest?.dependencies ?? []), ...(manifest?.devDependencies ?? [])].map(one => one.name.value);
  if ([...packages, ...loadedModules(model, unit)].some(name => BUNDLERS.test(name))) return undefined;
  if (startTexts(model, unit).some(text => text.includes('NODE_ENV'))) return undefined;
  if (loadedModules(model, unit).has('dotenv')) return undefined;
  const known =
    images.every(({ stage }) => !names(stage.env) && PLAIN_BASE.test(stage.base.repository ?? '')) &&
    images.every(
      ({ dockerfile }) =>
        !dockerfile.stages.some(
          ({ runs, args }) =>
            names(args) || runs.some(({ words }) => words.some(({ value }) => /NODE_ENV|webpack/.test(value ?? ''))),
        ),
    ) &&
    workloads.every(({ container }) => container.envFrom.length === 0 && !names(container.env)) &&
    composeServices.every(
      ({ service }) => service.envFiles.length === 0 && !service.extends && !names(service.environment),
    ) &&
    functions.length === 0;
  // A compose file for a desk that names the stage shows that somebody sets it from outside.
  const elsewhere = model.project
    .artefactsOf('compose')
    .some(({ path, facts }) =>
      facts.services.some(
        service => images.some(image => dockerfileOf(path, service) === image.path) && names(service.environment),
      ),
    );
  if (!known || elsewhere) return undefined;
  const [image] = images;
  if (image) return { file: image.path, start: image.stage.stage.from.start, end: image.stage.stage.from.end };
  const [workload] = workloads;
  return workload && { file: workload.path, start: workload.container.start, end: workload.container.end };
}

function names(env: readonly { readonly name: { readonly value: string | null } }[]): boolean {
  return env.some(({ name }) => name.value === 'NODE_ENV');
}
