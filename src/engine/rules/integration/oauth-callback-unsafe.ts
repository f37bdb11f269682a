import { mergeProperties, removeProperty } from '../../fixes/source-object.ts';
import { looseLinkings, statelessStrategies, untiedCallbacks } from '../../queries/integration/oauth-callbacks.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const oauthCallbackUnsafe = defineRule({
  meta: {
    id: 'integration/oauth-callback-unsafe',
    theme: 'integration',
    benefits: ['integration', 'security'],
    severity: 'error',
    confidence: 'medium',
    cwe: [352, 345, 287],
    owasp: ['A01:2025', 'A07:2025', 'API2:2023'],
    fix: 'auto',
    messages: {
      untied:
        '{method} {path} trades any code for tokens: nothing compares a `state` with the browser that began the sign-in.',
      stateless: 'Sign-in by {strategy} sends no `state`, so anyone can finish it in the browser of somebody else.',
      linking:
        'Accounts with one address are taken for one person: a provider that does not verify addresses hands them over.',
    },
  },

  check(model, report) {
    for (const { endpoint, exchange } of untiedCallbacks(model)) {
      const { method, path, span } = endpoint;
      report(span, 'untied', {
        data: { method, path },
        evidence: [{ span: exchange, message: 'here the code is traded' }],
        anchor: `${method} ${path}`,
      });
    }
    for (const { file, options, span, strategy } of statelessStrategies(model)) {
      const fix: FixDraft = {
        title: 'Let the strategy send and check a state',
        kind: 'auto',
        change({ text }) {
          const source = text(file);
          if (source === undefined) return undefined;
          return { edits: mergeProperties(file, source, options, [{ name: 'state', value: 'true' }]), newFiles: [] };
        },
      };
      report(span, 'stateless', { data: { strategy }, fixes: [fix], anchor: strategy });
    }
    for (const { file, object, property, span } of looseLinkings(model)) {
      const fix: FixDraft = {
        title: 'Do not link accounts by their address',
        kind: 'auto',
        change({ text }) {
          const source = text(file);
          return source === undefined
            ? undefined
            : { edits: [removeProperty(file, source, object, property)], newFiles: [] };
        },
      };
      report(span, 'linking', { severity: 'warning', fixes: [fix] });
    }
  },
});
