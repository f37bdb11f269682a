import { folderOf, isInside } from '../../../common/path.ts';
import { hoistable, hoistClient, isDeclared } from '../../fixes/hoist.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { FuncValue } from '../../link/values.ts';
import { callersOf } from '../../queries/performance/callers.ts';
import { isMemoised } from '../../queries/performance/memo.ts';
import { defineRule } from '../rule.ts';

export const clientPerRequest = defineRule({
  meta: {
    id: 'performance/client-per-request',
    theme: 'performance',
    benefits: ['performance', 'scalability', 'data-management'],
    severity: 'error',
    confidence: 'medium',
    cwe: [400],
    owasp: ['API4:2023'],
    fix: 'suggest',
    messages: {
      connections: '{name} opens its own connections every time {where} runs.',
      setup: '{name} is set up again, without its open connections, every time {where} runs.',
    },
  },

  check(model, report) {
    for (const operation of model.operations('db-client', 'sdk-client')) {
      const { fn, site, span, kind, is } = operation;
      const reached = model.reached.get(fn);
      // A constructor may belong to something that is made once and injected.
      if (!reached || fn.kind === 'ctor' || isMemoised(site.env.unit, fn) || runsOnWorkers(model, operation.file))
        continue;
      // A client that the request's own data configures (a tenant, a user's credentials) cannot be shared.
      if (reached.depth > 0 && callersOf(model, fn).some(({ func }) => isKept(model, func))) continue;
      if (is['reused'] || !hoistable(fn, site.call)) continue;
      const [endpoint] = reached.endpoints;
      const where = endpoint && reached.depth === 0 ? `${endpoint.method} ${endpoint.path}` : fn.name || 'this handler';
      report(span, kind === 'db-client' ? 'connections' : 'setup', {
        data: { name: String(is['name']), where },
        severity: kind === 'db-client' ? 'error' : 'info',
        evidence: endpoint ? [{ span: endpoint.span, message: `${endpoint.method} ${endpoint.path} runs it` }] : [],
        fixes: isDeclared(operation) ? [hoistClient(operation)] : [],
        anchor: `${fn.name} ${is['name']}`,
      });
    }
  },
});

function isKept({ program }: Model, { file, fn }: FuncValue): boolean {
  const unit = program.units.get(file);
  return unit !== undefined && (fn.kind === 'ctor' || isMemoised(unit, fn));
}

/** Connections of a Worker belong to one request and cannot be kept. */
function runsOnWorkers({ project }: Model, file: Operation['file']): boolean {
  return project.artefactsOf('wrangler').some(({ path }) => isInside(folderOf(path), folderOf(file)));
}
