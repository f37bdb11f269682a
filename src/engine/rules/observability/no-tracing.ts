import { untracedUnits } from '../../queries/observability/tracing.ts';
import { isServer } from '../../queries/service-packages.ts';
import { defineRule } from '../rule.ts';

export const noTracing = defineRule({
  meta: {
    id: 'observability/no-tracing',
    theme: 'observability',
    benefits: ['performance', 'integration'],
    severity: 'info',
    confidence: 'medium',
    cwe: [778],
    owasp: ['A09:2025'],
    fix: 'guide',
    messages: {
      alone: '{name} serves {routes} but nothing in it traces them.',
      many: '{name} is one of {services} services here, and a request through it leaves no trace.',
    },
  },

  check(model, report) {
    const services = model.units.all.filter(isServer).length;
    for (const unit of untracedUnits(model)) {
      const [listen] = unit.listens;
      if (!listen) continue;
      report(listen.operation.span, services > 1 ? 'many' : 'alone', {
        data: {
          name: unit.name,
          services,
          routes: unit.routes.length === 1 ? 'a route' : `${unit.routes.length} routes`,
        },
        severity: services > 1 ? 'warning' : 'info',
        anchor: unit.folder,
      });
    }
  },
});
