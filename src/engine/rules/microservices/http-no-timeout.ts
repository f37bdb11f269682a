import { limitTime } from '../../fixes/http-timeout.ts';
import { unboundedClients } from '../../queries/http-timeouts.ts';
import { defineRule } from '../rule.ts';

export const httpNoTimeout = defineRule({
  meta: {
    id: 'microservices/http-no-timeout',
    theme: 'microservices',
    benefits: ['scalability', 'integration'],
    severity: 'warning',
    confidence: 'high',
    cwe: [1088],
    owasp: ['API4:2023'],
    fix: 'auto',
    messages: {
      call: 'The request to the service {host} has no timeout, so one slow service stops this one too.',
      instance:
        'No request of this client to the service {host} has a timeout, so one slow service stops this one too.',
    },
  },

  check(model, report) {
    for (const { operation, target, request, endpoints, serverless } of unboundedClients(model)) {
      if (!target.isOwn) continue;
      const [first] = endpoints;
      report(operation.span, operation === request ? 'call' : 'instance', {
        data: { host: `\`${target.hosts[0]}\`` },
        severity: first || serverless ? 'warning' : 'info',
        evidence: first ? [{ span: first.span, message: `in the way of ${first.method} ${first.path}` }] : [],
        fixes: limitTime(operation),
        anchor: request.fn.name,
      });
    }
  },
});
