import type { Model } from '../../link/model.ts';
import type { Unit } from '../../link/units.ts';
import { isServer, loadedModules, startTexts } from '../service-packages.ts';

const TRACERS =
  /^(?:@opentelemetry\/(?:sdk-node|sdk-trace-.+|auto-instrumentations-node|instrumentation.*)|@vercel\/otel|dd-trace|newrelic|elastic-apm-node|@elastic\/opentelemetry-node|@sentry\/(?!types|browser|react).+|applicationinsights|@azure\/monitor-opentelemetry.*|@splunk\/otel|aws-xray-sdk.*|@aws-lambda-powertools\/tracer|@microlabs\/otel-cf-workers|@honeycombio\/.+|@google-cloud\/(?:opentelemetry-.+|trace-agent)|@fastify\/otel|nestjs-otel|@amplication\/opentelemetry-nestjs|@logfire\/.*|logfire|@instana\/collector|@dynatrace\/.+|@appsignal\/nodejs|zipkin.*|jaeger-client|pyroscope.*|@hyperdx\/.+|@uptrace\/node)(?:\/|$)/;
const PRELOAD = /opentelemetry|dd-trace|newrelic|elastic-apm|instana|appdynamics|dynatrace/i;

/** What probes ask for; a server of nothing else has no requests that go anywhere. */
const PROBE = /\/(?:health|live|ready|readi|ping|status|metrics)\w*$/i;

/** Servers of which nothing says that their requests are traced. */
export function untracedUnits(model: Model): readonly Unit[] {
  const { project, settings } = model;
  const injected = project
    .artefactsOf('kubernetes')
    .some(({ facts }) => JSON.stringify(facts.resources).includes('instrumentation.opentelemetry.io/'));
  if (injected) return [];
  return model.units.all.filter(
    unit =>
      isServer(unit) &&
      unit.routes.some(({ path }) => !PROBE.test(path)) &&
      !settings.configOf(unit.folder).facts?.externalTracing &&
      ![...loadedModules(model, unit)].some(module => TRACERS.test(module)) &&
      !startTexts(model, unit).some(text => PRELOAD.test(text)),
  );
}
