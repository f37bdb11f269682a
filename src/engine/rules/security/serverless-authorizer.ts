import { authorizeLike } from '../../fixes/authorizer.ts';
import { WRITES } from '../../queries/security/open-routes.ts';
import { missingClaims, type OpenEvent, openEvents, openUrls } from '../../queries/serverless/open-events.ts';
import { defineRule } from '../rule.ts';

export const serverlessAuthorizer = defineRule({
  meta: {
    id: 'security/serverless-authorizer',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [306],
    owasp: ['A07:2025', 'API2:2023', 'API5:2023'],
    fix: 'suggest',
    messages: {
      open: '{route} runs its function for anyone: unlike {others} of this service, it names no authorizer.',
      metered:
        '{route} runs its function for whoever has an API key, which proves nobody: unlike {others} of this service, it names no authorizer.',
      url: 'The URL of {name} runs it for anyone, past the authorizers of this service: neither the URL nor the code asks who is calling.',
      claims: '{name} reads who is calling from an authorizer, which its event {route} does not name.',
    },
  },

  check(model, report) {
    for (const event of openEvents(model)) {
      const { endpoint, guarded, isMetered } = event;
      const { method, path, span } = endpoint;
      const others = guarded.length === 1 ? 'another event' : `${guarded.length} other events`;
      report(span, isMetered ? 'metered' : 'open', {
        data: { route: `${method} ${path}`, others },
        severity: WRITES.has(method) ? 'error' : 'warning',
        confidence: isTelling(event) ? 'medium' : 'low',
        evidence: guarded.slice(0, 3).map(one => ({ span: one.span, message: `${one.method} ${one.path} names one` })),
        fixes: [authorizeLike(endpoint, guarded)],
        anchor: `${method} ${path}`,
      });
    }
    for (const { name, span, guarded } of openUrls(model)) {
      const evidence = [{ span: guarded.span, message: `${guarded.method} ${guarded.path} names an authorizer` }];
      report(span, 'url', { data: { name }, evidence, anchor: `url ${name}` });
    }
    for (const { event, read } of missingClaims(model)) {
      const name = event.func?.fn.name || event.function;
      report(event.span, 'claims', {
        data: { name, route: `${event.method} ${event.route ?? ''}`.trim() },
        severity: 'error',
        evidence: [{ span: read, message: 'What the authorizer said is read here' }],
        anchor: `claims ${event.function}`,
      });
    }
  },
});

/** Reading is open on purpose in many services; where most events are guarded it is not. */
function isTelling({ endpoint, guarded, open }: OpenEvent): boolean {
  return WRITES.has(endpoint.method) || guarded.length > open;
}
