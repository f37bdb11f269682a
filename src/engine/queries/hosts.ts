import { perModel } from '../link/kept/per-model.ts';
import type { Model } from '../link/model.ts';
import { alternatives, type Value } from '../link/values.ts';

const SELF = /^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/i;

/** Where a request goes, as far as it is known. */
export interface Target {
  /** Host names without ports; empty if none is known. */
  readonly hosts: readonly string[];
  /** Every way leads to the machine it runs on, or to the page it stands on. */
  readonly isSelf: boolean;
  /** Every known host is a service of this workspace, or is declared to be one's own. */
  readonly isOwn: boolean;
}

/** Hosts of a request's address; `base` comes first where the address is relative. */
export function targetOf(model: Model, url: Value | undefined, base: Value | undefined, file: string): Target {
  const parts = [base, url].filter(one => one !== undefined);
  const starts = parts.flatMap(one => alternatives(one).map(startOf));
  const known = starts.flatMap(start =>
    start.k === 'host' ? [start.host] : start.k === 'env' ? setTo(model, start.name) : [],
  );
  const hosts = [...new Set(known)];
  const relative = parts.length > 0 && starts.every(start => start.k === 'relative');
  return {
    hosts,
    isSelf:
      relative ||
      (hosts.length > 0 &&
        hosts.every(host => SELF.test(host)) &&
        starts.every(start => start.k !== 'unknown' && start.k !== 'env')),
    isOwn:
      hosts.some(host => isOwnHost(model, host, file)) &&
      hosts.every(host => SELF.test(host) || isOwnHost(model, host, file)),
  };
}

type Start = { k: 'host'; host: string } | { k: 'env'; name: string } | { k: 'relative' } | { k: 'unknown' };

function startOf(value: Value): Start {
  if (value.k === 'env') return { k: 'env', name: value.name };
  const head =
    value.k === 'const' ? String(value.v) : value.k === 'template' ? value.parts.find(part => part !== '') : undefined;
  if (head === undefined) return { k: 'unknown' };
  if (typeof head !== 'string') return startOf(head);
  const whole = value.k === 'const';
  const host = (whole ? /^\w+:\/\/(?:[^/@]*@)?([^/:?#]+)/ : /^\w+:\/\/(?:[^/@]*@)?([^/:?#]+)(?=[/:?#])/).exec(
    head,
  )?.[1];
  if (host !== undefined) return { k: 'host', host };
  return /^[./?]/.test(head) ? { k: 'relative' } : { k: 'unknown' };
}

/** Hosts that deployment files set a variable to. */
function setTo({ project }: Model, name: string): string[] {
  const texts: (string | null | undefined)[] = [];
  for (const { facts } of project.artefactsOf('compose'))
    for (const { environment } of facts.services)
      for (const one of environment) if (one.name.value === name) texts.push(one.value?.value);
  for (const { facts } of project.artefactsOf('kubernetes'))
    for (const resource of facts.resources)
      if ('pod' in resource && resource.pod)
        for (const { env } of resource.pod.containers)
          for (const one of env) if (one.name.value === name) texts.push(one.value?.value);
  return texts.flatMap(text => {
    const host = /^https?:\/\/(?:[^/@]*@)?([^/:?#${]+)/.exec(text ?? '')?.[1];
    return host === undefined ? [] : [host];
  });
}

function isOwnHost(model: Model, host: string, file: string): boolean {
  if (/\.svc(?:\.cluster\.local)?$|\.internal$/.test(host)) return true;
  const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  const declared = model.settings.configOf(folder).internalServices ?? [];
  if (declared.some(pattern => matches(pattern, host))) return true;
  return serviceNames(model).has(host.split('.')[0]!) && (!host.includes('.') || host.split('.').length === 2);
}

function matches(pattern: string, host: string): boolean {
  return new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`, 'i').test(host);
}

function literally(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

/** Names under which compose and Kubernetes services are reached. */
const serviceNames = perModel((model): ReadonlySet<string> => {
  const out = new Set<string>();
  for (const { facts } of model.project.artefactsOf('compose'))
    for (const { name, containerName, aliases } of facts.services)
      for (const one of [name.value, containerName?.value, ...aliases.map(alias => alias.value)]) if (one) out.add(one);
  for (const { facts } of model.project.artefactsOf('kubernetes'))
    for (const resource of facts.resources)
      if (resource.type === 'service' && resource.name?.value) out.add(resource.name.value);
  return out;
});
