import { limitRoutes, QUESTIONS } from '../../fixes/rate-limit.ts';
import { unlimitedSpending } from '../../queries/ai/model-spending.ts';
import { defineRule } from '../rule.ts';

export const llmEndpointUnprotected = defineRule({
  meta: {
    id: 'ai/llm-endpoint-unprotected',
    theme: 'ai-automation',
    benefits: ['security', 'scalability'],
    severity: 'error',
    confidence: 'medium',
    cwe: [770, 306],
    owasp: ['LLM10:2025', 'API4:2023'],
    fix: 'auto',
    messages: {
      open: 'Anybody can make {method} {path} ask a language model at your expense: neither a sign-in nor a limit is on the way.',
      member: 'Whoever is signed in can make {method} {path}{others} ask a language model without a limit.',
    },
  },

  check(model, report) {
    const spending = unlimitedSpending(model);
    for (const { endpoint, evidence } of spending.filter(({ isOpen }) => isOpen)) {
      const { method, path, span } = endpoint;
      report(span, 'open', {
        data: { method, path },
        evidence: [evidence],
        fixes: limitRoutes([endpoint], QUESTIONS),
        anchor: `${method} ${path}`,
      });
    }
    // One limiter for the service mends all of these.
    const members = spending.filter(({ isOpen }) => !isOpen);
    for (const unit of new Set(members.map(({ endpoint }) => endpoint.unit))) {
      const [first, ...others] = members.filter(({ endpoint }) => endpoint.unit === unit);
      const { method, path, span } = first!.endpoint;
      report(span, 'member', {
        data: {
          method,
          path,
          others: others.length ? ` and ${others.length} other route${others.length > 1 ? 's' : ''}` : '',
        },
        severity: 'warning',
        evidence: [first!.evidence, ...others.map(one => one.evidence)],
        fixes: limitRoutes(
          [first!, ...others].map(one => one.endpoint),
          QUESTIONS,
        ),
        anchor: unit,
      });
    }
  },
});
