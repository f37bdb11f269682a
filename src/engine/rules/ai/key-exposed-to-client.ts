import { definition, optionPlace } from '../../link/literals.ts';
import { spanIn } from '../../link/values.ts';
import { isDesktop, publicNames } from '../../queries/public-names.ts';
import { defineRule } from '../rule.ts';

const SECRET_VAR = /(?:^|_)(?:SECRET|API_KEY|PRIVATE_KEY|ACCESS_TOKEN|AUTH_TOKEN|PASSWORD|SECRET_KEY)$/;

export const keyExposedToClient = defineRule({
  meta: {
    id: 'ai/key-exposed-to-client',
    theme: 'ai-automation',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [522, 200],
    owasp: ['A01:2025', 'LLM02:2025'],
    fix: 'guide',
    messages: {
      browser: '`dangerouslyAllowBrowser` sends the key of {provider} to every visitor.',
      component: 'This client of {provider} is created in code for the browser, with its key.',
      name: 'Bundlers copy `{name}` into what browsers load, and its name says that it is secret.',
      variable: '`{name}` stands in the plain vars of a worker; set it as a secret.',
    },
  },

  check(model, report) {
    for (const operation of model.operations('llm-client')) {
      const { args, file, is, site } = operation;
      if (isDesktop(model, file)) continue;
      const provider = String(is['provider']);
      const place = args['options'] && { env: args['options'].env, expr: args['options'].expr };
      const flag = place && optionPlace(model.program, place, 'dangerouslyAllowBrowser');
      if (flag && definition(model.program, flag).expr.k === 'bool' && spanIn(flag.env, flag.expr.p).file === file) {
        if (flag.expr.k === 'bool' && flag.expr.v) report(operation.span, 'browser', { data: { provider } });
      } else if (site.env.unit.facts.directives.includes('use client')) {
        report(operation.span, 'component', { data: { provider } });
      }
    }
    for (const { name, kind, span, others } of publicNames(model)) {
      if (kind !== 'provider' || isDesktop(model, span.file)) continue;
      const evidence = others.slice(0, 5).map(other => ({ span: other, message: 'and here' }));
      report(span, 'name', { data: { name }, evidence, anchor: name });
    }
    for (const { path, facts } of model.project.artefactsOf('wrangler')) {
      if (!model.isJudged(path)) continue;
      for (const { type, name, value } of [facts, ...facts.environments].flatMap(one => one.bindings)) {
        if (type !== 'vars' || !name.value || !SECRET_VAR.test(name.value) || !value?.value || value.value.length < 12)
          continue;
        if (/your|change|example|placeholder|<|xxx|todo/i.test(value.value)) continue;
        const span = { file: path, start: name.start, end: name.end };
        report(span, 'variable', { data: { name: name.value }, severity: 'warning', anchor: name.value });
      }
    }
  },
});
