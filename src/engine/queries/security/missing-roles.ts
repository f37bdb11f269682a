import type { Endpoint } from '../../link/endpoint.ts';
import { evaluate } from '../../link/evaluate.ts';
import { expressionsWhere } from '../../link/kept/per-file.ts';
import type { Model } from '../../link/model.ts';
import { requestPart } from '../../link/request-value.ts';
import { PERMISSION } from '../../link/sign-names.ts';
import { spanIn } from '../../link/values.ts';
import type { Evidence } from '../../model/finding.ts';
import { callerChecks, guardsOf } from '../caller-checks.ts';

/** A route for people with more rights than others, behind nothing but the guard that everybody passes. */
export interface MissingRole {
  readonly endpoint: Endpoint;
  /** The part of its path that says so. */
  readonly segment: string;
  /** Where the service tells such people from others. */
  readonly roles: Evidence;
}

/** Below these everything is for people of one's own. */
const FOR_STAFF = /^(?:_?admin|admins|administration|back-?office|super-?admin|impersonat(?:e|ion))$/i;
/** These are for them as soon as something is changed. */
const FOR_STAFF_TO_CHANGE = /^(?:roles?|permissions?|privileges|feature-?flags?|system-?settings|global-?settings)$/i;
const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export function missingRoles(model: Model): MissingRole[] {
  const found = model.endpoints.flatMap(endpoint => {
    const { auth, authorization, isPublic, partial, protocol, handler } = endpoint;
    if (auth !== 'yes' || authorization !== 'no' || isPublic !== undefined || partial !== undefined) return [];
    const segment = protocol === 'http' && handler ? segmentOf(endpoint) : undefined;
    return segment === undefined ? [] : [{ endpoint, segment }];
  });
  if (found.length === 0) return [];
  const checks = callerChecks(model);
  return found.flatMap(one => {
    const roles =
      isOpenToOthers(model, one.endpoint) && !checks(one.endpoint) ? roleCheck(model, one.endpoint) : undefined;
    return roles ? [{ ...one, roles }] : [];
  });
}

function segmentOf({ path, method }: Endpoint): string | undefined {
  const segments = path.split('/').filter(segment => !/^[:*]/.test(segment));
  return segments.find(
    segment => FOR_STAFF.test(segment) || (CHANGES.has(method) && FOR_STAFF_TO_CHANGE.test(segment)),
  );
}

/** Whether its guards also let people to routes that are for everybody: a service for staff alone has none. */
function isOpenToOthers({ endpoints }: Model, own: Endpoint): boolean {
  const guards = new Set(guardsOf(own));
  return endpoints.some(
    other =>
      segmentOf(other) === undefined && other.unit === own.unit && guardsOf(other).some(guard => guards.has(guard)),
  );
}

/** Where the service looks at roles: before another route, or in code that reads them of the caller. */
function roleCheck({ endpoints, program, isJudged, unitOf }: Model, { unit, span }: Endpoint): Evidence | undefined {
  const guarded = endpoints.find(one => one.unit === unit && one.authorization === 'yes');
  if (guarded)
    return { span: guarded.span, message: `${guarded.method} ${guarded.path} asks for more than an account` };
  const own = unitOf(span.file);
  for (const { path, facts } of program.units.values()) {
    if (!isJudged(path) || unitOf(path) !== own) continue;
    for (const { fn, e } of roleReads(facts)) {
      const env = program.staticEnv(program.units.get(path)!, fn);
      const part = e.k === 'mem' ? requestPart(program, evaluate(program, env, e.o)) : undefined;
      if (part === 'user' || part === 'session')
        return { span: spanIn(env, e.p), message: 'here a role makes a difference' };
    }
  }
  return undefined;
}

const roleReads = expressionsWhere(['mem'], e => e.k === 'mem' && PERMISSION.test(e.n));
