import { limitTime } from '../../fixes/http-timeout.ts';
import { unboundedClients } from '../../queries/http-timeouts.ts';
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
    for (const { operation, client, target, request, endpoints, serverless } of unboundedClients(model)) {
      if (target.isOwn) continue;
      const [first] = endpoints;
      const [host] = target.hosts;
      const edge = model.unitOf(operation.file)?.isEdge ?? false;
      report(operation.span, operation !== request ? 'instance' : host === undefined ? 'somewhere' : 'call', {
        data: { client, host: host ?? '', limit: edge ? 'as long as the platform allows' : waits(client) },
        severity: (first || serverless) && !edge ? 'warning' : 'info',
        evidence: [
          ...(operation === request ? [] : [{ span: request.span, message: 'a request that goes through it' }]),
          ...(first ? [{ span: first.span, message: `in the way of ${first.method} ${first.path}` }] : []),
        ],
        fixes: limitTime(operation),
        anchor: request.fn.name,
      });
    }
  },
});

/** Defaults of the clients: undici gives up after 300 s without headers or data, the others never do. */
function waits(client: string): string {
  return client === 'fetch' || client === 'undici' ? 'up to five minutes' : 'without end';
}
