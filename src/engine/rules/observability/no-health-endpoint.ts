import { belongsTo } from '../../link/units.ts';
import { healthRoutes } from '../../queries/health-routes.ts';
import { isServer } from '../../queries/service-packages.ts';
import { defineRule } from '../rule.ts';

const OTHER_NAMES = /(?:^|[/._-])(?:_?health\w*|status|heartbeat|probe|version|metrics)(?:$|[/._-])/i;

export const noHealthEndpoint = defineRule({
  meta: {
    id: 'observability/no-health-endpoint',
    theme: 'observability',
    benefits: ['scalability'],
    severity: 'info',
    confidence: 'medium',
    cwe: [],
    owasp: [],
    fix: 'guide',
    messages: {
      none: '{name} runs in containers, but {routes} whether it is well.',
    },
  },

  check(model, report) {
    const checks = model.operations('health-check');
    for (const unit of model.units.all) {
      const { listens, routes, opaque, workloads } = unit;
      if (!isServer(unit) || !unit.hasContainer || opaque !== undefined || routes.length === 0) continue;
      // Pods that a Service selects are asked for their probes instead.
      if (workloads.some(one => one.services.length > 0)) continue;
      if (healthRoutes(unit).length > 0 || routes.some(({ path }) => OTHER_NAMES.test(path))) continue;
      if (checks.some(one => belongsTo(model, unit, one.file))) continue;
      report(listens[0]!.operation.span, 'none', {
        data: {
          name: unit.name,
          routes: routes.length === 1 ? 'its only route does not say' : `none of its ${routes.length} routes says`,
        },
        anchor: unit.folder,
      });
    }
  },
});
