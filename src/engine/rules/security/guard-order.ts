import { moveAbove } from '../../fixes/move-statement.ts';
import { edit, quoted } from '../../fixes/source-style.ts';
import { type LateStep, lateSteps } from '../../queries/security/late-steps.ts';
import { registrationAt } from '../../queries/security/registrations.ts';
import { defineRule, type FixDraft } from '../rule.ts';

const WHAT: Readonly<Record<LateStep['role'], string>> = {
  authenticates: 'guard',
  'limits-rate': 'rate limiter',
  csrf: 'CSRF protection',
  'security-headers': 'step that sets security headers',
};

export const guardOrder = defineRule({
  meta: {
    id: 'security/guard-order',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [863, 696],
    owasp: ['A01:2025', 'API5:2023'],
    fix: 'auto',
    messages: {
      late: 'This {what} is registered after {routes}, so it never runs for {them}.',
      exact: 'This {what} runs for {path} alone, not for {routes} below it.',
    },
  },

  check(model, report) {
    for (const step of lateSteps(model)) {
      const { role, span, kind, path, routes } = step;
      report(span, kind, {
        data: { what: WHAT[role], routes: named(step), them: routes.length > 1 ? 'them' : 'it', path },
        severity: role === 'authenticates' ? 'error' : 'warning',
        evidence: routes
          .slice(0, 10)
          .map(one => ({ span: one.span, message: `${one.method} ${one.path} goes without` })),
        fixes: [kind === 'late' ? moveUp(step) : coverBelow(step)],
        anchor: `${role} ${path}`,
      });
    }
  },
});

function named({ routes }: LateStep): string {
  const [first, ...others] = routes;
  const name = `${first!.method} ${first!.path}`;
  return others.length === 0 ? name : `${name} and ${others.length} other${others.length === 1 ? '' : 's'}`;
}

function moveUp({ span, above }: LateStep): FixDraft {
  return {
    title: 'Move it above the routes',
    kind: 'suggest',
    change({ model, text }) {
      const source = text(span.file);
      const edits = source === undefined ? undefined : moveAbove(model.program, source, span, above);
      return edits && { edits, newFiles: [] };
    },
  };
}

function coverBelow({ span, path }: LateStep): FixDraft {
  return {
    title: `Cover everything below ${path}`,
    kind: 'auto',
    change({ model, text }) {
      const source = text(span.file);
      const [first] = registrationAt(model.program, span)?.call.a ?? [];
      if (source === undefined || first?.k !== 'str') return undefined;
      return { edits: [edit(span.file, first.p, quoted(source, `${path.replace(/\/$/, '')}/*`))], newFiles: [] };
    },
  };
}
