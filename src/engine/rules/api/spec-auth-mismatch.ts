import { setSecurity } from '../../fixes/openapi.ts';
import { guardLike } from '../../fixes/route-guard.ts';
import {
  type SecurityMismatch,
  securityMismatches,
  undefinedSchemes,
  usualSecurity,
} from '../../queries/api/spec-security.ts';
import { defineRule, type Report } from '../rule.ts';

/** More operations than these are told in one finding. */
const SINGLE = 5;

export const specAuthMismatch = defineRule({
  meta: {
    id: 'api/spec-auth-mismatch',
    theme: 'api-first',
    benefits: ['security', 'integration'],
    severity: 'error',
    confidence: 'medium',
    cwe: [306, 1059],
    owasp: ['A07:2025', 'API2:2023', 'API9:2023'],
    fix: 'auto',
    messages: {
      open: '{method} {path} is documented as secured by {schemes}, but its route asks nobody who is calling.',
      documented: '{method} {path} is documented as open, but its route asks who is calling.',
      many: '{count} operations are documented as open although their routes ask who is calling, {method} {path} among them.',
      scheme: 'The document declares no security scheme `{name}`.',
    },
  },

  check(model, report) {
    const all = securityMismatches(model);
    for (const { spec, operation, route, at, schemes } of all.filter(one => one.is === 'open in the code')) {
      const { method, path } = operation;
      const guarded = spec.unit.routes.filter(one => one.auth === 'yes');
      report({ file: spec.path, start: at.start, end: at.end }, 'open', {
        data: { method: method.value, path: path.value, schemes: schemes.join(', ') },
        evidence: [
          { span: route.span, message: `${route.method} ${route.path} is registered here` },
          ...route.chain.map(({ span, via, why }) => ({ span, message: `${via}: ${why}` })),
        ],
        fixes: [guardLike(route, guarded)],
        anchor: `${method.value} ${path.value}`,
      });
    }
    reportDocumented(
      all.filter(one => one.is === 'open in the document'),
      report,
    );
    for (const { file, at, name } of undefinedSchemes(model))
      report({ file, start: at.start, end: at.end }, 'scheme', {
        severity: 'warning',
        confidence: 'high',
        data: { name },
        anchor: name,
      });
  },
});

function reportDocumented(all: readonly SecurityMismatch[], report: Report<'documented' | 'many'>): void {
  for (const spec of new Set(all.map(one => one.spec))) {
    const own = all.filter(one => one.spec === spec);
    const usual = usualSecurity(spec.facts);
    const fixes =
      usual === undefined
        ? []
        : [
            setSecurity(
              spec.path,
              own.map(one => one.operation),
              usual,
            ),
          ];
    const shown = own.length > SINGLE ? own.slice(0, 1) : own;
    for (const { operation, route, at } of shown) {
      const { method, path } = operation;
      report({ file: spec.path, start: at.start, end: at.end }, own.length > SINGLE ? 'many' : 'documented', {
        severity: 'warning',
        data: { method: method.value, path: path.value, count: own.length },
        evidence: (own.length > SINGLE ? own : [{ route }]).slice(0, 20).map(one => ({
          span: one.route.span,
          message: `${one.route.method} ${one.route.path}`,
        })),
        fixes: own.length > SINGLE ? fixes : usual === undefined ? [] : [setSecurity(spec.path, [operation], usual)],
        anchor: own.length > SINGLE ? 'open' : `${method.value} ${path.value}`,
      });
    }
  }
}
