import type { Container, Workload } from '../engine/model/artefacts/kubernetes.ts';
import type { Evidence } from '../engine/model/finding.ts';
import { containerUser } from '../engine/queries/container-user.ts';
import type { EvidenceId } from '../knowledge/evidence-ids.ts';
import type { codeEvidence } from './code-evidence.ts';
import type { Detector } from './evidence.ts';
import { anyOf, artefacts, at, dependencies } from './shared.ts';

type Missing = Exclude<EvidenceId, keyof typeof codeEvidence>;

const SCANNERS =
  /codeql|semgrep|snyk|trivy|osv-scanner|gitleaks|trufflehog|dependency-review|npm audit|pnpm audit|yarn npm audit|grype|checkov/i;

/** What manifests, schemas and workflows show. */
export const artefactEvidence: Readonly<Record<Missing, Detector>> = {
  'service-units': model => {
    const served = new Set(model.endpoints.map(endpoint => endpoint.unit));
    if (served.size < 2 || !deployedTogether(model)) return [];
    return [...served].flatMap(unit => {
      const first = model.endpoints.find(endpoint => endpoint.unit === unit)!;
      return [{ span: first.span, message: `${unit || 'the root package'} serves requests of its own` }];
    });
  },
  'function-handlers': anyOf(
    model =>
      artefacts(model, 'serverless').flatMap(({ path, facts }) =>
        facts.functions.map(one => at(path, one.name, `function ${one.name.value}`)),
      ),
    model =>
      artefacts(model, 'sam').flatMap(({ path, facts }) => facts.functions.map(one => at(path, one, 'a SAM function'))),
  ),
  'iac-joined': model =>
    artefacts(model, 'serverless').flatMap(({ path, facts }) =>
      facts.functions.flatMap(one => (one.handler ? [at(path, one.handler, 'states its handler')] : [])),
    ),
  'failure-destination': model =>
    artefacts(model, 'serverless').flatMap(({ path, facts }) =>
      facts.functions.flatMap(one => (one.onFailure ? [at(path, one.onFailure, 'states where failures go')] : [])),
    ),
  'partial-batch': dependencies(/^(?:@aws-lambda-powertools\/batch|@middy\/sqs-partial-batch-failure)$/),
  'edge-target': model =>
    artefacts(model, 'wrangler').map(({ path }) => at(path, { start: 0, end: 0 }, 'a Cloudflare Workers project')),
  bindings: model =>
    artefacts(model, 'wrangler').flatMap(({ path, facts }) =>
      facts.bindings.map(one => at(path, one.name, `binding ${one.name.value}`)),
    ),
  'ci-workflow': model =>
    workflows(model).flatMap(({ path, facts }) =>
      facts.triggers
        .filter(({ name }) => name.value === 'push' || name.value === 'pull_request')
        .map(({ name }) => at(path, name, `runs on ${name.value}`)),
    ),
  'dependency-updates': model =>
    [...model.project.artefacts.keys()]
      .filter(path => /(?:^|\/)(?:dependabot\.ya?ml|renovate\.json5?|\.renovaterc(?:\.json)?)$/.test(path))
      .map(path => at(path, { start: 0, end: 0 }, 'updates dependencies')),
  'least-privilege-token': model =>
    workflows(model).flatMap(({ path, facts }) =>
      facts.permissions && facts.permissions.all !== 'write'
        ? [at(path, facts.permissions, 'states narrow permissions')]
        : [],
    ),
  'pinned-actions': model =>
    workflows(model).flatMap(({ path, facts }) =>
      facts.jobs.flatMap(job =>
        job.steps.flatMap(({ uses }) =>
          uses?.value && /@[0-9a-f]{40}$/.test(uses.value) ? [at(path, uses, 'is pinned to a commit')] : [],
        ),
      ),
    ),
  'openapi-document': model =>
    artefacts(model, 'openapi').map(({ path, facts }) =>
      at(path, facts.version, `OpenAPI ${facts.version.value}, ${facts.operations.length} operations`),
    ),
  'graphql-schema': model =>
    artefacts(model, 'graphql-sdl').flatMap(({ path, facts }) =>
      facts.types.slice(0, 1).map(type => at(path, type.name, `${facts.types.length} types`)),
    ),
  supabase: anyOf(configured('supabase', 'a Supabase project'), dependencies(/^@supabase\/supabase-js$/)),
  hasura: model =>
    artefacts(model, 'compose').flatMap(({ path, facts }) =>
      facts.services.flatMap(({ image }) =>
        image?.value?.startsWith('hasura/') ? [at(path, image, 'runs Hasura')] : [],
      ),
    ),
  firebase: dependencies(/^(?:firebase-admin|firebase-functions|node-appwrite|appwrite)$/),
  'workflow-export': dependencies(/^(?:n8n|n8n-workflow|node-red)$/),
  'rls-policies': model =>
    artefacts(model, 'sql').flatMap(({ path, facts }) =>
      facts.statements.filter(one => one.type === 'create-policy').map(one => at(path, one, 'a row level policy')),
    ),
  'secret-scan': model =>
    workflows(model).flatMap(({ path, facts }) =>
      facts.jobs.flatMap(job =>
        job.steps.flatMap(({ uses, run }) =>
          [uses, run].flatMap(one =>
            one?.value && SCANNERS.test(one.value) ? [at(path, one, 'scans for vulnerabilities or secrets')] : [],
          ),
        ),
      ),
    ),
  dockerfile: model =>
    model.units.images.map(({ path, stage }) =>
      at(path, stage.base.image, stage.base.resolved ? `builds on ${stage.base.resolved}` : 'builds an image'),
    ),
  kubernetes: model =>
    workloads(model).map(({ path, workload }) =>
      at(path, workload.resourceKind, `${workload.resourceKind.value} ${workload.name?.value ?? ''}`.trim()),
    ),
  probes: containers('has a probe', container => container.probes[0]),
  resources: containers('states its resources', container => container.resources),
  'non-root': anyOf(
    model =>
      model.units.images.flatMap(image => {
        const { is, stated } = containerUser(model.project, image);
        if (is !== 'other' || !stated) return [];
        return [at(image.path, stated, stated.value.includes('$') ? 'runs without root' : `runs as ${stated.value}`)];
      }),
    containers('must not run as root', container =>
      container.securityContext?.runAsNonRoot?.value === true ? container.securityContext.runAsNonRoot : undefined,
    ),
  ),
  'exec-entrypoint': model =>
    artefacts(model, 'dockerfile').flatMap(({ path, facts }) =>
      facts.stages
        .slice(-1)
        .flatMap(({ entrypoint, cmd }) =>
          [entrypoint ?? cmd].flatMap(one =>
            one?.form === 'exec' && /(?:^|\/)(?:node|tini|dumb-init)$/.test(one.words[0]?.value ?? '')
              ? [at(path, one, 'receives signals itself')]
              : [],
          ),
        ),
    ),
  autoscaling: model =>
    resources(model).flatMap(({ path, resource }) =>
      resource.type === 'autoscaler' ? [at(path, resource.resourceKind, 'scales by itself')] : [],
    ),
  migrations: anyOf(
    model =>
      artefacts(model, 'sql')
        .filter(({ path }) => /migrations?\//.test(path))
        .map(({ path }) => at(path, { start: 0, end: 0 }, 'a migration')),
    model =>
      [...model.program.units.values()].flatMap(({ path, facts }) =>
        model.project.roleOf(path) === 'migration' && facts.functions.some(({ name }) => name === 'up')
          ? [at(path, { start: 0, end: 0 }, 'a migration')]
          : [],
      ),
  ),
};

/** Services that only lie in one workspace, like a collection of examples, are not a system of services. */
function deployedTogether(model: Parameters<Detector>[0]): boolean {
  return (
    artefacts(model, 'compose').some(({ facts }) => facts.services.filter(({ build }) => build).length > 1) ||
    workloads(model).length > 1
  );
}

function configured(tool: string, message: string): Detector {
  return model =>
    artefacts(model, 'config')
      .filter(({ facts }) => facts.tool === tool)
      .map(({ path }) => at(path, { start: 0, end: 0 }, message));
}

function workflows(model: Parameters<Detector>[0]) {
  return artefacts(model, 'github-workflow').filter(({ facts }) => !facts.action);
}

function resources(model: Parameters<Detector>[0]) {
  return artefacts(model, 'kubernetes').flatMap(({ path, facts }) =>
    facts.resources.map(resource => ({ path, resource })),
  );
}

function workloads(model: Parameters<Detector>[0]): { path: string; workload: Workload }[] {
  return resources(model).flatMap(({ path, resource }) =>
    resource.type === 'workload' ? [{ path, workload: resource }] : [],
  );
}

function containers(
  message: string,
  pick: (container: Container) => { readonly start: number; readonly end: number } | undefined,
): Detector {
  return model => {
    const out: Evidence[] = [];
    for (const { path, workload } of workloads(model)) {
      for (const container of workload.pod.containers) {
        const place = pick(container);
        if (place) out.push(at(path, place, `${container.name?.value ?? 'a container'} ${message}`));
      }
    }
    return out;
  };
}
