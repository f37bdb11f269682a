import { type EnvLookup, effectivePorts } from '../../link/listen.ts';
import { resourcesOf } from '../../link/pods.ts';
import type { Project } from '../../link/project.ts';
import type { ComposeContainer, Unit } from '../../link/units.ts';
import type { Container } from '../../model/artefacts/kubernetes.ts';

/** The ports a unit's servers listen on, given what a container puts into the environment; undefined if not all are known. */
export function portsOf({ listens }: Unit, envOf: EnvLookup): readonly number[] | undefined {
  const out: number[] = [];
  for (const listen of listens) {
    const ports = effectivePorts(listen, envOf);
    if (!ports) return undefined;
    out.push(...ports);
  }
  return out.length ? [...new Set(out)] : undefined;
}

export function envOfContainer(project: Project, unit: Unit, container: Container): EnvLookup {
  const configMaps = resourcesOf(project).flatMap(({ resource }) => (resource.type === 'config-map' ? [resource] : []));
  return name => {
    const own = container.env.findLast(one => one.name.value === name);
    if (own) return own.from || !own.value ? null : literal(own.value.value);
    for (const { from, name: source, prefix } of container.envFrom) {
      const map =
        from === 'configMapRef' && !prefix ? configMaps.find(one => one.name?.value === source?.value) : undefined;
      if (!map) return null;
      const entry = map.data.find(one => one.name.value === name);
      if (entry) return literal(entry.value.value);
    }
    return imageEnv(unit)(name);
  };
}

export function envOfService(unit: Unit, { service }: ComposeContainer): EnvLookup {
  return name => {
    const own = service.environment.findLast(one => one.name.value === name);
    if (own) return own.value ? literal(own.value.value) : null;
    return service.envFiles.length ? null : imageEnv(unit)(name);
  };
}

/** What images of the unit set; null if they differ. */
export function imageEnv({ images }: Unit): EnvLookup {
  return name => {
    const values = new Set(images.map(({ stage }) => stage.env.findLast(one => one.name.value === name)?.value.value));
    if (values.size > 1) return null;
    const [value] = values;
    return value === undefined ? undefined : literal(value);
  };
}

function literal(value: string | null): string | null {
  return value === null || /[${}]/.test(value) ? null : value;
}
