import { escapeInPlace, escapeInTemplate } from '../../fixes/escape-html.ts';
import { reachedByUsers, reaching } from '../../flow/findings.ts';
import { defineRule, type ReportOptions } from '../rule.ts';

export const htmlInjection = defineRule({
  meta: {
    id: 'security/html-injection',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [79],
    owasp: ['A05:2025'],
    fix: 'auto',
    sinks: ['html'],
    messages: {
      html: '{source} becomes part of the HTML that `{call}` answers with.',
      argument: '{source} of whoever calls this function becomes part of the HTML of a page, by `{call}`.',
      template: '{source} is written into the page as it is.',
      page: '{source} becomes part of the HTML of a page, by `{call}`.',
    },
  },

  check(model, report) {
    for (const reached of reaching(model, 'html', 'remote')) {
      const { span, flow } = reached;
      const options: ReportOptions = flow.isGuess
        ? { ...reached.options, severity: 'info', confidence: 'medium' }
        : reached.options;
      if (model.flows.isInTemplate(flow))
        report(span, 'template', { ...options, fixes: escapeInTemplate(model, span) });
      else if (model.flows.isInPage(flow)) report(span, 'page', options);
      else report(span, 'html', { ...options, fixes: escapeInPlace(model, reached) });
    }
    for (const { span, options } of reachedByUsers(model, 'html'))
      report(span, 'argument', { ...options, severity: 'info', confidence: 'medium' });
  },
});
