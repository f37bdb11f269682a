import { perModel } from '../link/kept/per-model.ts';
import type { Model } from '../link/model.ts';
import type { Unit } from '../link/units.ts';

const LOGGERS =
  /^(?:pino.*|nestjs-pino|winston.*|nest-winston|bunyan.*|log4js|loglevel|@logtape\/.+|loglayer|signale|tslog|consola|evlog|roarr|@aws-lambda-powertools\/logger|@google-cloud\/logging.*|@axiomhq\/.+|@datadog\/.+)$/;
const AUTH_LIBRARIES =
  /passport|jsonwebtoken|^jose$|jwt|oauth|auth0|clerk|better-auth|lucia|keycloak|firebase-admin|supertokens|session|workos|cognito|saml/i;

/** A package that writes structured logs. */
export function isLogger(module: string): boolean {
  return LOGGERS.test(module);
}

/** A package that exists to sign people in. */
export function signsPeopleIn(module: string): boolean {
  return AUTH_LIBRARIES.test(module);
}

/** Modules that the code of a unit loads, and packages its manifest declares for run time. */
export function loadedModules(model: Model, unit: Unit): ReadonlySet<string> {
  const loaded = modulesByFolder(model);
  const out = new Set(unit.folders.flatMap(folder => [...(loaded.get(folder) ?? [])]));
  for (const { name } of unit.package?.facts.dependencies ?? []) out.add(name.value);
  return out;
}

/** Modules that the code of a package loads, tests left out, by the package's folder. */
const modulesByFolder = perModel(({ project }): ReadonlyMap<string, ReadonlySet<string>> => {
  const out = new Map<string, Set<string>>();
  for (const [path, { dependencies }] of project.sources) {
    if (project.roleOf(path) === 'test') continue;
    const folder = project.packageOf(path)?.folder ?? '';
    const modules = out.get(folder) ?? new Set();
    out.set(folder, modules);
    for (const { module, typeOnly } of dependencies) if (!typeOnly) modules.add(module);
  }
  return out;
});

/** Command lines and environment values that start a unit: scripts, images, containers. */
export function startTexts(model: Model, unit: Unit): readonly string[] {
  const out: string[] = [];
  const add = (text: string | null | undefined): void => {
    if (text) out.push(text);
  };
  for (const { command } of unit.package?.facts.scripts ?? []) add(command.value);
  for (const { stage } of unit.images) {
    for (const line of [stage.cmd, stage.entrypoint]) for (const { value } of line?.words ?? []) add(value);
    for (const { name, value } of stage.env) if (name.value === 'NODE_OPTIONS') add(value.value);
  }
  for (const { container } of unit.workloads) {
    for (const one of [...(container.command ?? []), ...(container.args ?? [])]) add(one.value);
    for (const { name, value } of container.env) if (name.value === 'NODE_OPTIONS') add(value?.value);
  }
  for (const { service } of unit.composeServices) {
    for (const line of [service.command, service.entrypoint]) for (const { value } of line?.words ?? []) add(value);
    for (const { name, value } of service.environment) if (name.value === 'NODE_OPTIONS') add(value?.value);
  }
  for (const { facts } of model.project.artefactsOf('shell')) for (const { value } of facts.commands) add(value);
  for (const { facts } of model.project.artefactsOf('procfile'))
    for (const { command } of facts.processes) add(command.value);
  return out;
}

/** Whether a unit is a server of its own that something starts, not a function of a platform. */
export function isServer(unit: Unit): boolean {
  const starts = (unit.package?.facts.scripts ?? []).some(({ name }) =>
    /^start(?::prod|:production)?$/.test(name.value),
  );
  return (
    unit.listens.length > 0 &&
    unit.routes.length > 0 &&
    !unit.isServerless &&
    !unit.isEdge &&
    (unit.hasContainer || starts)
  );
}
