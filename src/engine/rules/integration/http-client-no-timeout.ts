import { limitTime } from '../../fixes/http-timeout.ts';
import type { Model } from '../../link/model.ts';
import { type UnboundedClient, unboundedClients } from '../../queries/http-timeouts.ts';
import { defineRule } from '../rule.ts';

export const httpClientNoTimeout = defineRule({
  meta: {
    id: 'integration/http-client-no-timeout',
    theme: 'integration',
    benefits: ['integration', 'scalability'],
    severity: 'warning',
    confidence: 'high',
    cwe: [400, 1088],
    owasp: ['API4:2023', 'API10:2023'],
    fix: 'auto',
    messages: {
      call: 'The request to {host} has no timeout; while {host} hangs, it waits {limit}.',
      somewhere: 'The request has no timeout; while the other side hangs, it waits {limit}.',
      instance: 'No request of this {client} client has a timeout; while the other side hangs, it waits {limit}.',
    },
  },

  check(model, report) {
    for (const group of grouped(model)) {
      const [one, ...others] = group;
      const { operation, client, target, request, endpoints, serverless } = one!;
      const [first] = endpoints;
      const [host] = target.hosts;
      const edge = model.unitOf(operation.file)?.isEdge ?? false;
      // A request that gives up by itself, late as it may be, holds nobody for ever.
      const lasts = LASTING.has(client) || edge;
      report(operation.span, operation !== request ? 'instance' : host === undefined ? 'somewhere' : 'call', {
        data: { client, host: host ?? '', limit: edge ? 'as long as the platform allows' : waits(client) },
        severity: (first || serverless) && !lasts ? 'warning' : 'info',
        evidence: [
          ...(operation === request ? [] : [{ span: request.span, message: 'a request that goes through it' }]),
          ...(first ? [{ span: first.span, message: `in the way of ${first.method} ${first.path}` }] : []),
          ...others.map(other => ({ span: other.operation.span, message: 'this one has none either' })),
        ],
        fixes: limitTime(operation),
        anchor: request.fn.name,
      });
    }
  },
});

/** Requests of one package to one host, or of one file where the host is not known: one helper limits them all. */
function grouped(model: Model): UnboundedClient[][] {
  const out = new Map<string, UnboundedClient[]>();
  for (const one of unboundedClients(model)) {
    const { operation, request, client, target } = one;
    if (target.isOwn) continue;
    const folder = model.project.packageOf(operation.file)?.folder ?? '';
    const key = operation === request ? `${folder} ${client} ${target.hosts[0] ?? operation.file}` : `${out.size}`;
    out.set(key, [...(out.get(key) ?? []), one]);
  }
  return [...out.values()];
}

/** Undici gives up after 300 s without headers or data, the other clients never do. */
const LASTING = new Set(['fetch', 'undici']);

function waits(client: string): string {
  return LASTING.has(client) ? 'up to five minutes' : 'without end';
}
