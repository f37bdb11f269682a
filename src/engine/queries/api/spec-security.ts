import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import { isCredentialName } from '../../link/sign-names.ts';
import type { ApiOperation, ApiSecurityRequirement, OpenApiFacts } from '../../model/artefacts/api.ts';
import type { TextRange } from '../../model/document.ts';
import { levelOf, type StepLevel } from '../contract.ts';
import { type BoundSpec, boundSpecs, methodRange, type SpecOperation } from './spec-routes.ts';

/** An operation whose stated security is not what its route asks for. */
export interface SecurityMismatch {
  readonly spec: BoundSpec;
  readonly operation: ApiOperation;
  readonly route: Endpoint;
  /** The document says that callers sign in and the route asks nobody, or the other way round. */
  readonly is: 'open in the code' | 'open in the document';
  readonly at: TextRange;
  readonly schemes: readonly string[];
}

/** Security that callers would have to show: the operation's own, else what holds for the document. */
export function securityOf(facts: OpenApiFacts, operation: ApiOperation): readonly ApiSecurityRequirement[] {
  return operation.security ?? facts.security ?? [];
}

/** The scheme that most operations of a document name; undefined if it declares none. */
export function usualSecurity(facts: OpenApiFacts): string | undefined {
  const counts = new Map<string, number>();
  for (const operation of facts.operations)
    for (const { schemes } of securityOf(facts, operation))
      if (schemes.length === 1) counts.set(schemes[0]!, (counts.get(schemes[0]!) ?? 0) + 1);
  const declared = facts.securitySchemes.map(({ name }) => name.value);
  const [usual] = [...counts].filter(([name]) => declared.includes(name)).sort((a, b) => b[1] - a[1]);
  return usual?.[0] ?? (declared.length === 1 ? declared[0] : undefined);
}

/** Where the code is seen to follow the document in at least this share of its secured operations. */
const FOLLOWED = 0.5;

export function securityMismatches(model: Model): SecurityMismatch[] {
  return boundSpecs(model).flatMap(spec => {
    if (model.settings.configOf(spec.unit.folder).facts?.externalAuth) return [];
    const { facts, operations } = spec;
    const judged = operations.flatMap(one => judgedRoute(one) ?? []);
    const secured = judged.filter(({ operation }) => isSecured(securityOf(facts, operation)));
    const followed = secured.filter(({ route }) => route.auth === 'yes');
    // Where the code follows the document nowhere, callers are asked elsewhere: by a gateway, or where nobody can see.
    const isFollowed = followed.length > 0 && followed.length >= secured.length * FOLLOWED;
    return judged.flatMap(({ operation, route }): SecurityMismatch[] => {
      const stated = securityOf(facts, operation);
      const at = operation.security?.[0] ?? methodRange(operation);
      const schemes = stated.flatMap(one => one.schemes);
      const found = { spec, operation, route, at, schemes };
      if (isSecured(stated))
        return isFollowed && route.auth === 'no' && route.isPublic === undefined
          ? [{ ...found, is: 'open in the code' }]
          : [];
      const isOpen = stated.length === 0 && secured.length > 0 && asksItself(route) && !namesCredential(operation);
      return isOpen ? [{ ...found, is: 'open in the document' }] : [];
    });
  });
}

/** The one route that answers an operation, where all is known of it. */
function judgedRoute({ operation, routes }: SpecOperation): { operation: ApiOperation; route: Endpoint } | undefined {
  const [route, more] = routes;
  if (!route || more || operation.internal || route.method === 'ALL') return undefined;
  // What answers whatever is left over is a page, or a way to say that there is none.
  if (route.path.includes('*') && !operation.path.value.includes('*')) return undefined;
  if (route.partial !== undefined || route.protocol !== 'http' || !route.handler) return undefined;
  return { operation, route };
}

/** At least one scheme, and no way around it. */
function isSecured(requirements: readonly ApiSecurityRequirement[]): boolean {
  return requirements.length > 0 && requirements.every(({ schemes }) => schemes.length > 0);
}

/** A header or cookie among the parameters that callers sign in with. */
function namesCredential({ parameters }: ApiOperation): boolean {
  return parameters.some(
    ({ in: place, name }) => (place === 'header' || place === 'cookie') && isCredentialName(name.value ?? ''),
  );
}

/** A guard of the route's own: one that stands around many routes, or in code, may let some of them pass. */
function asksItself({ chain, auth }: Endpoint): boolean {
  if (auth !== 'yes') return false;
  // A secret that stands in the URL and a signature are no schemes of a document.
  if (chain.some(({ roles }) => roles.includes('verifies-signature') || roles.includes('verifies-token'))) return false;
  return chain.some(link => link.roles.includes('authenticates') && OWN_LEVELS.has(levelOf(link)));
}

const OWN_LEVELS = new Set<StepLevel>(['decorator', 'route', 'router']);

/** A name of a security scheme that the document does not declare, with its first use. */
export interface UndefinedScheme {
  readonly file: string;
  readonly facts: OpenApiFacts;
  readonly name: string;
  readonly at: TextRange;
  readonly uses: number;
}

export function undefinedSchemes({ project }: Model): UndefinedScheme[] {
  return project.artefactsOf('openapi').flatMap(({ path, facts }) => {
    if (project.roleOf(path) !== 'source' || facts.problems.length > 0 || facts.unresolvedRefs > 0) return [];
    const declared = new Set(facts.securitySchemes.map(({ name }) => name.value));
    const found = new Map<string, UndefinedScheme>();
    for (const one of [...(facts.security ?? []), ...facts.operations.flatMap(({ security }) => security ?? [])])
      for (const name of one.schemes) {
        if (declared.has(name)) continue;
        const known = found.get(name);
        found.set(name, { file: path, facts, name, at: known?.at ?? one, uses: (known?.uses ?? 0) + 1 });
      }
    return [...found.values()];
  });
}
