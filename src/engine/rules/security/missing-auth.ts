import { guardLike, markPublic } from '../../fixes/route-guard.ts';
import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { Evidence } from '../../model/finding.ts';
import { openFields } from '../../queries/graphql-open.ts';
import { lookedAt } from '../../queries/looked-at.ts';
import { emptyGuards } from '../../queries/security/empty-guards.ts';
import { lateSteps } from '../../queries/security/late-steps.ts';
import { type OpenArea, openAreas } from '../../queries/security/open-areas.ts';
import { answersAnyone, signingUp, WRITES } from '../../queries/security/open-routes.ts';
import { scopeGaps } from '../../queries/security/scope-gaps.ts';
import { signsPeopleIn } from '../../queries/service-packages.ts';
import { defineRule, type Report } from '../rule.ts';

export const missingAuth = defineRule({
  meta: {
    id: 'security/missing-auth',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [306, 862],
    owasp: ['A07:2025', 'API2:2023', 'API5:2023'],
    fix: 'suggest',
    messages: {
      open: '{method} {path} answers anyone: no authentication {looked}.',
      admin: '{method} {path} is for administrators by its path and answers anyone: no authentication {looked}.',
      area: 'All {count} routes below {path} answer anyone, {method} {first} among them, while others of this service ask who is calling.',
      noop: '`{name}` lets everyone pass: it does nothing but hand on.',
      none: 'No authentication was found anywhere in this service ({count} routes).',
    },
  },

  check(model, report) {
    const { settings } = model;
    // What a gateway lets through is said, and judged, where it is configured.
    const endpoints = model.endpoints.filter(({ protocol }) => protocol === 'http');
    const others = new Set([...signingUp(model), ...missedByGuards(model)]);
    for (const { name, span } of emptyGuards(model)) report(span, 'noop', { data: { name }, anchor: name });
    for (const unit of new Set(endpoints.map(endpoint => endpoint.unit))) {
      if (settings.configOf(unit).facts?.externalAuth) continue;
      const own = endpoints.filter(endpoint => endpoint.unit === unit);
      const guarded = own.filter(endpoint => endpoint.auth === 'yes');
      const open = own.filter(endpoint => answersAnyone(model, endpoint) && !others.has(endpoint));
      // Without any authentication in the service, one finding says it all.
      if (guarded.length === 0) {
        const named = open.filter(isAdministrative);
        for (const endpoint of named) reportAdmin(endpoint, report);
        if (named.length === 0) reportNone(model, own, open, report);
        continue;
      }
      // What is for administrators is open to nobody on purpose.
      const areas = openAreas(
        open.filter(one => !isAdministrative(one)),
        own,
      );
      for (const area of areas) reportArea(area, guarded, report);
      const told = new Set(areas.flatMap(({ routes }) => routes));
      for (const endpoint of open) if (!told.has(endpoint)) reportOpen(endpoint, guarded, report);
    }
    // What a procedure that only reads gives away is a matter of taste.
    for (const { field, guarded } of openFields(model, 'rpc'))
      if (field.method === 'MUTATION' && !settings.configOf(field.unit).facts?.externalAuth)
        reportOpen(field, guarded, report);
  },
});

/** Routes that a guard is there for and does not reach: that is told of at the guard. */
function missedByGuards(model: Model): readonly Endpoint[] {
  return [
    ...lateSteps(model).flatMap(({ role, routes }) => (role === 'authenticates' ? routes : [])),
    ...scopeGaps(model).flatMap(({ open }) => open),
  ];
}

function reportOpen(endpoint: Endpoint, guarded: readonly Endpoint[], report: Report<'open' | 'none'>): void {
  const { method, path, span, protocol } = endpoint;
  const writes = WRITES.has(method);
  report(span, 'open', {
    data: { method, path, looked: lookedAt(endpoint.chain.length) },
    severity: isForgotten(endpoint, guarded) ? 'error' : 'warning',
    // What only reads is open on purpose too often to tell: pages, shared records, images, steps of a sign-in.
    confidence: writes || isAdministrative(endpoint) ? 'medium' : 'low',
    evidence: proof(endpoint, guarded),
    fixes: protocol === 'rpc' ? [markPublic(endpoint)] : [guardLike(endpoint, guarded), markPublic(endpoint)],
    anchor: `${method} ${path}`,
  });
}

function reportArea({ path, routes }: OpenArea, guarded: readonly Endpoint[], report: Report<'area'>): void {
  const [first, ...others] = [...routes].sort((a, b) => Number(WRITES.has(b.method)) - Number(WRITES.has(a.method)));
  report(first!.span, 'area', {
    data: { path, count: routes.length, method: first!.method, first: first!.path },
    evidence: [
      ...others.map(one => ({ span: one.span, message: `${one.method} ${one.path} is open too` })),
      { span: guarded[0]!.span, message: `${guarded[0]!.method} ${guarded[0]!.path} is guarded` },
    ],
    fixes: [markPublic(first!)],
    anchor: path,
  });
}

/** Nobody lets strangers change or delete things on purpose; what they may send is told by the routes beside it. */
function isForgotten({ method, span }: Endpoint, guarded: readonly Endpoint[]): boolean {
  if (!WRITES.has(method)) return false;
  return ['PUT', 'PATCH', 'DELETE'].includes(method) || guarded.some(one => one.span.file === span.file);
}

/** A path that says who it is for. */
function isAdministrative({ path }: Endpoint): boolean {
  return /(?:^|\/)admin(?:istration)?(?:\/|$)/i.test(path);
}

function reportAdmin(endpoint: Endpoint, report: Report<'admin'>): void {
  const { method, path, span, chain } = endpoint;
  report(span, 'admin', {
    data: { method, path, looked: lookedAt(endpoint.chain.length) },
    evidence: chain.map(link => ({ span: link.span, message: `${link.via}: ${link.why}` })),
    fixes: [markPublic(endpoint)],
    anchor: `${method} ${path}`,
  });
}

function reportNone(
  { project }: Model,
  own: readonly Endpoint[],
  open: readonly Endpoint[],
  report: Report<'none'>,
): void {
  const first = open.find(endpoint => WRITES.has(endpoint.method));
  if (!first || own.some(endpoint => endpoint.auth === 'unknown')) return;
  const info = project.packageOf(first.span.file);
  if (!info || info.facts.dependencies.some(({ name }) => signsPeopleIn(name.value))) return;
  report(first.span, 'none', { data: { count: own.length }, severity: 'info', anchor: first.unit });
}

function proof(endpoint: Endpoint, guarded: readonly Endpoint[]): Evidence[] {
  const steps = endpoint.chain.map(link => ({ span: link.span, message: `${link.via}: ${link.why}` }));
  const sibling = guarded.find(one => one.span.file === endpoint.span.file) ?? guarded[0]!;
  return [...steps, { span: sibling.span, message: `${sibling.method} ${sibling.path} is guarded` }];
}
