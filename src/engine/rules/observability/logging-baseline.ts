import type { Operation } from '../../link/operations.ts';
import { belongsTo } from '../../link/units.ts';
import { isLogger, isServer, loadedModules } from '../../queries/service-packages.ts';
import { defineRule } from '../rule.ts';

const ENOUGH = 10;

export const loggingBaseline = defineRule({
  meta: {
    id: 'observability/logging-baseline',
    theme: 'observability',
    benefits: ['performance'],
    severity: 'info',
    confidence: 'medium',
    cwe: [778],
    owasp: ['A09:2025'],
    fix: 'guide',
    messages: {
      console:
        '{name} logs its requests by {count} console calls, and has no logger that writes levels and request ids.',
    },
  },

  check(model, report) {
    const logs = model.operations('log');
    for (const unit of model.units.all) {
      if (!isServer(unit)) continue;
      const own = logs.filter(one => belongsTo(model, unit, one.file));
      const plain = own.filter(one => !one.is['structured'] && model.reached.has(one.fn));
      if (plain.length < ENOUGH || own.some(one => one.is['structured'])) continue;
      if ([...loadedModules(model, unit)].some(isLogger)) continue;
      const [first] = plain as [Operation, ...Operation[]];
      report(first.span, 'console', {
        data: { name: unit.name, count: plain.length },
        evidence: plain.slice(1, 6).map(({ span }) => ({ span, message: 'another one' })),
        anchor: unit.folder,
      });
    }
  },
});
