import { callsIn } from '../../link/call-index.ts';
import { eachExprIn } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { classify } from '../../link/guards.ts';
import type { Model } from '../../link/model.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { spanIn, stringOf } from '../../link/values.ts';
import type { FunctionFact } from '../../model/facts.ts';
import type { Evidence } from '../../model/finding.ts';
import { loginCookieSetups } from '../cookies.ts';
import { type Application, applications } from './applications.ts';

/** An application that browsers talk to and that sends none of the headers which tell them to be careful. */
export interface BareApplication {
  readonly app: Application;
  readonly shows: 'pages' | 'files' | 'cookies';
  readonly evidence: readonly Evidence[];
}

const HEADERS =
  /^(?:content-security-policy|strict-transport-security|x-frame-options|x-content-type-options|referrer-policy|permissions-policy)/i;
const LIBRARIES = /helmet|secure-headers|lusca|nosniff|^hsts$|^frameguard$/;
const INGRESS = /hsts|snippet|headers|security/i;
const ANSWERS = new Set(['render', 'html', 'view']);

export function bareApplications(model: Model): BareApplication[] {
  const { program, project } = model;
  if (isSetInFront(model)) return [];
  return applications(model).flatMap((app): BareApplication[] => {
    const steps = app.entries.flatMap(entry =>
      entry.k === 'use'
        ? entry.handlers.flatMap(value =>
            value.k === 'router' ? [] : [{ entry, roles: classify(program, value).roles }],
          )
        : [],
    );
    // A step that cannot be seen through may set anything.
    if (
      steps.some(
        ({ entry, roles }) => roles.includes('security-headers') || (isForAll(entry) && roles.includes('unknown')),
      )
    )
      return [];
    const pages = pagesOf(model, app);
    const files = steps.find(({ roles }) => roles.includes('serves-files'));
    const cookie = loginCookieSetups(model).find(({ file }) => (project.packageOf(file)?.folder ?? '') === app.unit);
    const evidence: Evidence[] = [];
    if (pages) evidence.push(pages);
    if (files) evidence.push({ span: files.entry.span, message: 'files are served' });
    if (cookie) evidence.push({ span: cookie.span, message: 'a login cookie is set' });
    if (evidence.length === 0 || setsHeaders(model, app.unit)) return [];
    return [{ app, shows: pages ? 'pages' : files ? 'files' : 'cookies', evidence }];
  });
}

/** Not bound to a path: what such a step does holds for everything below its router. */
function isForAll({ path }: Application['entries'][number]): boolean {
  return path === undefined || stringOf(path) === '/';
}

/** A handler that answers with a page. */
function pagesOf({ program }: Model, { endpoints }: Application): Evidence | undefined {
  for (const { handler, partial, chain } of endpoints) {
    if (!handler || partial !== undefined) continue;
    if (chain.some(({ roles, via }) => roles.includes('unknown') && via !== 'in the handler')) continue;
    const env = staticEnvOf(program, handler);
    for (const { call } of callsIn(handler.fn)) {
      if (call.f.k !== 'mem' || !ANSWERS.has(call.f.n)) continue;
      const callee = evaluate(program, env, call.f);
      const kind = callee.k === 'api' ? program.adapters.response(program.adapters.canonical(callee.path)) : undefined;
      if (kind === 'render' || kind === 'html') return { span: spanIn(env, call.f.np), message: 'a page is sent' };
    }
  }
  return undefined;
}

/** Whether a unit sets such a header itself, or loads a library for it that was not seen at work. */
function setsHeaders(model: Model, unit: string): boolean {
  const { project, operations } = model;
  const isOwn = (path: string): boolean => (project.packageOf(path)?.folder ?? '') === unit;
  if (
    operations('header-set').some(({ args, file }) => HEADERS.test(stringOf(args['name']?.value) ?? '') && isOwn(file))
  )
    return true;
  for (const [path, { dependencies, functions }] of project.sources) {
    if (!isOwn(path)) continue;
    if (dependencies.some(({ module }) => LIBRARIES.test(module))) return true;
    if (namesHeader(functions)) return true;
  }
  return false;
}

/** A header's name in the code, for ways to set it that are not modelled. */
function namesHeader(functions: readonly FunctionFact[]): boolean {
  return functions.some(fn => {
    let found = false;
    eachExprIn(fn, e => {
      const name = e.k === 'str' ? e.v : e.k === 'mem' ? e.n : '';
      if (HEADERS.test(name)) found = true;
      if (e.k === 'obj') found ||= e.props.some(prop => prop.k === 'prop' && HEADERS.test(prop.n));
    });
    return found;
  });
}

function isSetInFront({ project }: Model): boolean {
  return project
    .artefactsOf('kubernetes')
    .some(({ facts }) =>
      facts.resources.some(one => 'annotations' in one && one.annotations.some(({ name }) => INGRESS.test(name.value))),
    );
}
