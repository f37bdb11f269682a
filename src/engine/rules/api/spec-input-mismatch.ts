import { setType } from '../../fixes/openapi.ts';
import { inputMismatches } from '../../queries/api/spec-inputs.ts';
import { defineRule } from '../rule.ts';

export const specInputMismatch = defineRule({
  meta: {
    id: 'api/spec-input-mismatch',
    theme: 'api-first',
    benefits: ['integration', 'security'],
    severity: 'info',
    confidence: 'medium',
    cwe: [20, 1059],
    owasp: ['API9:2023'],
    fix: 'suggest',
    messages: {
      type: '{operation} documents `{name}` as {said}, but its route takes {own}.',
      required: '{operation} is refused without {names} in its {place}, which the document does not require.',
      answers: '{operation} also answers {names}, which the document does not list.',
    },
  },

  check(model, report) {
    for (const { spec, operation, route, at, found } of inputMismatches(model)) {
      const said = `${operation.method.value} ${operation.path.value}`;
      const file = spec.path;
      const evidence = [{ span: route.span, message: `${route.method} ${route.path} is registered here` }];
      const span = { file, start: at.start, end: at.end };
      if (found.is === 'type') {
        report(span, 'type', {
          data: {
            operation: said,
            name: found.name,
            said: withArticle(found.said.value ?? ''),
            own: withArticle(found.own),
          },
          evidence,
          fixes: SCALAR.test(found.own) ? [setType(file, found.said, found.own)] : [],
          anchor: `${said} ${found.name}`,
        });
      } else if (found.is === 'required') {
        const names = found.names.map(name => `\`${name}\``).join(', ');
        report(span, 'required', {
          data: { operation: said, names, place: found.place },
          evidence,
          anchor: `${said} ${names}`,
        });
      } else {
        const names = found.statuses.join(', ');
        report(span, 'answers', { data: { operation: said, names }, evidence, anchor: `${said} ${names}` });
      }
    }
  },
});

/** What a list or an object holds would have to be said too. */
const SCALAR = /^(?:string|number|integer|boolean)$/;

function withArticle(type: string): string {
  return `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`;
}
