import { posix } from 'node:path';
import { folderOf } from '../../common/path.ts';
import type { ComposeService } from '../model/artefacts/compose.ts';
import { type DockerfileFacts, type EffectiveStage, finalStage } from '../model/artefacts/dockerfile.ts';
import { isDeployFile, isDeployStage } from './deploy-files.ts';
import type { Project } from './project.ts';

/** An image that is built here and meant to run in production. */
export interface BuiltImage {
  readonly path: string;
  readonly dockerfile: DockerfileFacts;
  readonly stage: EffectiveStage;
}

export interface ImageName {
  /** Registry and organisation included, tag and digest left out. */
  readonly repository: string;
  /** The last segment. */
  readonly base: string;
  readonly tag: string | undefined;
}

/** Databases, brokers, proxies and tools that a project runs but does not build. */
const INFRASTRUCTURE =
  /^(?:postgres(?:ql)?|postgis|pgvector|timescaledb|pgbouncer|mysql|mariadb|mongo(?:db)?|redis(?:-stack)?|valkey|keydb|dragonfly|memcached|rabbitmq|kafka|cp-kafka|zookeeper|cp-zookeeper|nats|minio|mc|localstack|elasticmq|elasticsearch|opensearch|kibana|nginx(?:-unprivileged)?|traefik|haproxy|envoy|caddy|httpd|prometheus|grafana|loki|tempo|jaeger|all-in-one|otel.*|opentelemetry-collector.*|mailhog|maildev|mailpit|mailcatcher|busybox|curl|alpine|ubuntu|debian|adminer|pgadmin4?|cloud-sql-proxy|gce-proxy|vault|consul|keycloak|supabase.*|gotrue|postgrest|kong|imgproxy|clickhouse.*|cassandra|neo4j|etcd|registry|hasura|graphql-engine|temporal.*|auto-setup|ui|n8n|metabase|portainer|watchtower|certbot|.*-exporter|exporter)$/i;

export function imageName(image: string): ImageName {
  const [withoutDigest = image] = image.split('@');
  const slash = withoutDigest.lastIndexOf('/');
  const colon = withoutDigest.indexOf(':', slash + 1);
  const repository = colon === -1 ? withoutDigest : withoutDigest.slice(0, colon);
  return {
    repository,
    base: repository.slice(repository.lastIndexOf('/') + 1),
    tag: colon === -1 ? undefined : withoutDigest.slice(colon + 1),
  };
}

export function isInfrastructureImage(image: string): boolean {
  return INFRASTRUCTURE.test(imageName(image).base);
}

/** The final stage of every production Dockerfile, and the stages that compose files build by name. */
export function builtImages(project: Project): readonly BuiltImage[] {
  const out: BuiltImage[] = [];
  for (const { path, facts } of project.artefactsOf('dockerfile')) {
    if (!isDeployFile(path) || facts.problems.length) continue;
    const seen = new Set<number>();
    for (const target of [undefined, ...targetsOf(project, path)]) {
      const stage = finalStage(facts, target);
      if (!stage || seen.has(stage.stage.index) || !isDeployStage(stage.stage.name?.value)) continue;
      seen.add(stage.stage.index);
      out.push({ path, dockerfile: facts, stage });
    }
  }
  return out;
}

/** The Dockerfile that a compose service builds; undefined if it builds none or the path is computed. */
export function dockerfileOf(composePath: string, { build }: ComposeService): string | undefined {
  if (!build) return undefined;
  const context = build.context?.value ?? '.';
  const file = build.dockerfile ? build.dockerfile.value : 'Dockerfile';
  if (file === null || /[$]/.test(context + file)) return undefined;
  const path = posix.join(folderOf(composePath), context, file);
  return path.startsWith('..') ? undefined : path;
}

function targetsOf(project: Project, dockerfile: string): string[] {
  const out: string[] = [];
  for (const { path, facts } of project.artefactsOf('compose')) {
    if (facts.development || !isDeployFile(path)) continue;
    for (const service of facts.services) {
      const target = service.build?.target?.value;
      if (target && dockerfileOf(path, service) === dockerfile) out.push(target);
    }
  }
  return out;
}
