import { insertImport } from '../../fixes/source-import.ts';
import { replaceText } from '../../fixes/source-statement.ts';
import type { Operation } from '../../link/operations.ts';
import { isMemoised } from '../../queries/performance/memo.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const blockingInHandler = defineRule({
  meta: {
    id: 'performance/blocking-in-handler',
    theme: 'performance',
    benefits: ['performance', 'scalability'],
    severity: 'warning',
    confidence: 'high',
    cwe: [1322],
    owasp: [],
    fix: 'suggest',
    messages: {
      request: '{what} stops every other request while {method} {path} waits for it.',
      event: '{what} stops everything else in this process while {name} waits for it.',
    },
  },

  check(model, report) {
    // Of several calls in one function the first one is told, and the others with it.
    const all = model.operations('blocking');
    const told = new Set<string>();
    for (const operation of all) {
      const { fn, site, span, is } = operation;
      const reached = model.reached.get(fn);
      // A platform that runs one event at a time has nobody else to keep waiting.
      if (!reached || reached.serverless || isMemoised(site.env.unit, fn)) continue;
      const what = String(is['what']);
      const key = `${operation.file} ${fn.id} ${what}`;
      if (told.has(key)) continue;
      told.add(key);
      const more = all.filter(one => one !== operation && one.fn === fn && one.is['what'] === is['what']);
      const [endpoint] = reached.endpoints;
      const data = endpoint
        ? { what, method: endpoint.method, path: endpoint.path }
        : { what, name: reached.func.fn.name || 'the consumer' };
      report(span, endpoint ? 'request' : 'event', {
        data,
        evidence: [
          ...(endpoint ? [{ span: endpoint.span, message: `${endpoint.method} ${endpoint.path} runs it` }] : []),
          ...more.map(one => ({ span: one.span, message: 'and here' })),
        ],
        fixes: fn.async && is['promise'] ? [awaitInstead(operation)] : [],
        anchor: `${fn.name} ${what}`,
      });
    }
  },
});

/** Awaits the same member's asynchronous form, which takes the same arguments. */
function awaitInstead({ site, is, file, callee, callSpan, use }: Operation): FixDraft {
  const instead = String(is['instead']);
  return {
    title: `Await ${instead}`,
    kind: 'suggest',
    change({ text, model }) {
      const { f } = site.call;
      const now = text(file);
      const facts = model.project.sources.get(file);
      if (now === undefined || !facts) return undefined;
      const module = callee.slice(0, callee.lastIndexOf('.'));
      const name =
        is['promise'] === 'same'
          ? { local: f.k === 'mem' ? `${now.slice(f.o.p[0], f.o.p[1])}.${instead}` : undefined, edits: [] }
          : f.k === 'mem'
            ? { local: `${now.slice(f.o.p[0], f.o.p[1])}.promises.${instead}`, edits: [] }
            : insertImport(file, now, facts, { module: `${module}/promises`, name: instead });
      if (!name?.local) return undefined;
      const [before, after] = use === 'chained' ? ['(await ', ')'] : ['await ', ''];
      const end = { span: { file, start: callSpan.end, end: callSpan.end }, text: after };
      return {
        edits: [replaceText(file, f.p, before + name.local), ...(after ? [end] : []), ...name.edits],
        newFiles: [],
      };
    },
  };
}
