import type { Endpoint } from '../../link/endpoint.ts';
import type { Evidence } from '../../model/finding.ts';
import { defineRule } from '../rule.ts';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'ALL']);

export const missingAuth = defineRule({
  meta: {
    id: 'security/missing-auth',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [306, 862],
    owasp: ['A07:2025', 'API2:2023', 'API5:2023'],
    fix: 'suggest',
    messages: {
      open: '{method} {path} answers anyone: no authentication among {looked}.',
      none: 'No authentication was found anywhere in this service ({count} routes).',
    },
  },

  check({ endpoints }, report) {
    for (const unit of new Set(endpoints.map(endpoint => endpoint.unit))) {
      const own = endpoints.filter(endpoint => endpoint.unit === unit);
      const guarded = own.filter(endpoint => endpoint.auth === 'yes');
      // Without any authentication in the service, one finding says it all.
      if (guarded.length === 0) continue;
      for (const endpoint of own) {
        if (endpoint.auth !== 'no' || endpoint.partial !== undefined || endpoint.isPublic !== undefined) continue;
        report(endpoint.span, 'open', {
          data: { method: endpoint.method, path: endpoint.path, looked: lookedAt(endpoint) },
          severity: WRITES.has(endpoint.method) ? 'error' : 'warning',
          evidence: proof(endpoint, guarded),
          anchor: `${endpoint.method} ${endpoint.path}`,
        });
      }
    }
  },
});

function lookedAt({ chain }: Endpoint): string {
  if (chain.length === 0) return 'the route, its routers and the handler';
  return `the ${chain.length} step${chain.length === 1 ? '' : 's'} before the handler, or in it`;
}

function proof(endpoint: Endpoint, guarded: readonly Endpoint[]): Evidence[] {
  const steps = endpoint.chain.map(link => ({ span: link.span, message: `${link.via}: ${link.why}` }));
  const sibling = guarded.find(one => one.span.file === endpoint.span.file) ?? guarded[0]!;
  return [...steps, { span: sibling.span, message: `${sibling.method} ${sibling.path} is guarded` }];
}
