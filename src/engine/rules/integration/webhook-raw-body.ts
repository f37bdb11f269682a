import { keepRawBody } from '../../fixes/raw-body.ts';
import { parsedPayloads } from '../../queries/integration/parsed-payloads.ts';
import { defineRule } from '../rule.ts';

export const webhookRawBody = defineRule({
  meta: {
    id: 'integration/webhook-raw-body',
    theme: 'integration',
    benefits: ['integration', 'security'],
    severity: 'error',
    confidence: 'high',
    cwe: [354],
    owasp: ['A08:2025'],
    fix: 'suggest',
    messages: {
      parsed:
        'The signature covers the bytes that were sent, but the body is parsed by then: every event of {path} is refused.',
      stringified:
        'The signature covers the bytes that were sent; JSON put together anew may differ, and {path} refuses the event.',
    },
  },

  check(model, report) {
    for (const found of parsedPayloads(model)) {
      const { how, span, endpoint, parser } = found;
      report(span, how, {
        data: { path: endpoint.path },
        evidence: [
          { span: endpoint.span, message: `${endpoint.method} ${endpoint.path} receives the event` },
          ...(parser ? [{ span: parser.span, message: 'the body is parsed here' }] : []),
        ],
        fixes: keepRawBody(found),
        anchor: endpoint.path,
      });
    }
  },
});
