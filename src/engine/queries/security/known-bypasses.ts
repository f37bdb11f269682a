import type { Model } from '../../link/model.ts';
import type { Evidence } from '../../model/finding.ts';
import type { Span } from '../../model/span.ts';

/** A package with a known way around its checks, in a project that relies on them. */
export interface KnownBypass {
  readonly name: string;
  readonly version: string;
  /** The first version of the same major that is mended; undefined where none is. */
  readonly fixed: string | undefined;
  readonly advisory: string;
  /** What the project does that makes it matter. */
  readonly why: string;
  /** Something else has to be wrong as well. */
  readonly mild: boolean;
  /** The range in the manifest. */
  readonly span: Span;
  readonly evidence: readonly Evidence[];
}

interface Advisory {
  readonly name: string;
  readonly id: string;
  /** By major: the first version that is mended; majors that are not named are not affected. */
  readonly fixed: Readonly<Record<number, string>> | 'never';
  readonly why: string;
  /** Something else has to be wrong as well. */
  readonly mild?: true;
  /** Places that rely on what is broken; none: the package may stay. */
  uses(model: Model, folder: string): readonly Span[];
}

const ADVISORIES: readonly Advisory[] = [
  {
    name: 'next',
    id: 'CVE-2025-29927',
    fixed: { 11: '12.3.5', 12: '12.3.5', 13: '13.5.9', 14: '14.2.25', 15: '15.2.3' },
    why: 'a header of the request skips the middleware that checks callers',
    uses: guardingMiddleware,
  },
  {
    name: 'jsonwebtoken',
    id: 'CVE-2022-23540',
    fixed: { 7: '9.0.0', 8: '9.0.0' },
    why: 'tokens without a signature pass where no algorithm is named and the key is empty',
    mild: true,
    uses: (model, folder) => withoutAlgorithms(model, folder, /^jsonwebtoken\.verify$/),
  },
  {
    name: 'express-jwt',
    id: 'CVE-2020-15084',
    fixed: { 3: '6.0.0', 4: '6.0.0', 5: '6.0.0' },
    why: 'the sender of a token chooses how it is checked',
    uses: imports('express-jwt'),
  },
  {
    name: 'vm2',
    id: 'CVE-2026-47131',
    fixed: { 0: '3.11.5', 1: '3.11.5', 2: '3.11.5', 3: '3.11.5' },
    why: 'code gets out of the sandbox, as in version after version before',
    uses: imports('vm2'),
  },
  {
    name: 'node-serialize',
    id: 'CVE-2017-5941',
    fixed: 'never',
    why: 'reading an object runs functions that are written in it',
    uses: imports('node-serialize'),
  },
];

export function knownBypasses(model: Model): KnownBypass[] {
  const out: KnownBypass[] = [];
  for (const { path, folder, facts } of model.project.packages) {
    for (const { name, range } of facts.dependencies) {
      const advisory = ADVISORIES.find(one => one.name === name.value);
      if (!advisory) continue;
      const version = installed(model, path, advisory.name, range.value ?? '');
      const fixed = version === undefined ? undefined : fixedOf(advisory, version);
      if (version === undefined || fixed === undefined) continue;
      const [first, ...others] = advisory.uses(model, folder);
      if (!first) continue;
      out.push({
        name: advisory.name,
        version,
        fixed: fixed || undefined,
        advisory: advisory.id,
        why: advisory.why,
        mild: advisory.mild === true,
        span: { file: path, start: range.start, end: range.end },
        evidence: [first, ...others].slice(0, 3).map(span => ({ span, message: 'it is relied on here' })),
      });
    }
  }
  return out;
}

/** The version that runs: of the lockfile, or the one that the manifest names exactly. */
function installed({ project }: Model, path: string, name: string, range: string): string | undefined {
  if (/^\d+\.\d+\.\d+$/.test(range)) return range;
  const locked = project.artefactsOf('lockfile').flatMap(({ facts }) => facts.versions[name] ?? []);
  return new Set(locked).size === 1 ? project.versionOf(path, name) : undefined;
}

/** The mended version, '' where there is none; undefined for a version that is not affected. */
function fixedOf({ fixed }: Advisory, version: string): string | undefined {
  if (fixed === 'never') return '';
  const mended = fixed[Number.parseInt(version, 10)];
  return mended !== undefined && isBelow(version, mended) ? mended : undefined;
}

function isBelow(version: string, limit: string): boolean {
  const [own, other] = [version, limit].map(text => text.split('.').map(part => Number.parseInt(part, 10)));
  for (let at = 0; at < 3; at++) {
    const difference = (own![at] ?? 0) - (other![at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function isIn({ project }: Model, folder: string, file: string): boolean {
  return (project.packageOf(file)?.folder ?? '') === folder;
}

function guardingMiddleware(model: Model, folder: string): readonly Span[] {
  for (const { chain, span } of model.endpoints)
    for (const link of chain)
      if (
        link.roles.includes('authenticates') &&
        /(?:^|\/)middleware\.[jt]sx?$/.test(link.span.file) &&
        isIn(model, folder, span.file)
      )
        return [link.span];
  return [];
}

function withoutAlgorithms(model: Model, folder: string, callee: RegExp): readonly Span[] {
  return model
    .operations('jwt-verify')
    .filter(operation => callee.test(operation.callee) && isIn(model, folder, operation.file))
    .filter(({ args }) => {
      const options = args['options'];
      return (
        !options || (options.value.k === 'object' && !options.value.open && !options.value.props.has('algorithms'))
      );
    })
    .map(({ span }) => span);
}

function imports(name: string): Advisory['uses'] {
  return (model, folder) =>
    [...model.program.units.values()].flatMap(({ path, facts }) =>
      model.isJudged(path) && isIn(model, folder, path)
        ? facts.imports
            .filter(({ module, typeOnly }) => module === name && !typeOnly)
            .map(({ p }) => ({ file: path, start: p[0], end: p[1] }))
        : [],
    );
}
