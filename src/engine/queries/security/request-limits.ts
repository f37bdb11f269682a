import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { type ApiValue, type ObjectValue, stringOf, type Value } from '../../link/values.ts';

/** Above this a body that every route takes is more than any route needs; in bytes. */
const LARGE = 10 * 1024 * 1024;
const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** A parser for every route of an application that takes large bodies. */
export interface LargeBodies {
  readonly operation: Operation;
  /** As written: '50mb'. */
  readonly size: string;
}

export function largeBodies(model: Model): LargeBodies[] {
  return model.operations('body-parser').flatMap(operation => {
    const { limit } = operation.args;
    const bytes = bytesOf(limit?.value);
    if (!limit || bytes === undefined || bytes <= LARGE || isLimitedInFront(model)) return [];
    if (!operation.is['whole'] && !isForAll(model, operation)) return [];
    return [{ operation, size: sizeText(bytes) }];
  });
}

/** Uploads of any size, in the way of a request. */
export function unboundedUploads(model: Model): Operation[] {
  const setups = model.operations('upload-setup');
  // Settings of the module hold for every interceptor that says nothing itself.
  const settings = setups.filter(({ is }) => is['library'] === 'MulterModule');
  if (isLimitedInFront(model)) return [];
  return setups.filter(operation => {
    const { is, args } = operation;
    if (settings.includes(operation) || (String(is['library']).endsWith('Interceptor') && settings.length))
      return false;
    if (operation.site.call.a.some(arg => arg.k === 'spread')) return false;
    const options: Value = args['options']?.value ?? { k: 'const', v: undefined };
    if (options.k === 'const' ? options.v !== undefined : options.k !== 'object') return false;
    if (options.k === 'object' && hasLimit(options, String(is['limit']).split('.'))) return false;
    return isUsed(model, operation);
  });
}

function hasLimit(options: ObjectValue, [name, ...rest]: readonly string[]): boolean {
  const value = options.props.get(name!);
  if (!value) return options.open;
  if (value.k !== 'object' || rest.length === 0) return !(value.k === 'const' && value.v === undefined);
  return hasLimit(value, rest);
}

function isUsed({ endpoints, reached }: Model, { is, site, fn, callee }: Operation): boolean {
  if (String(is['library']).endsWith('Interceptor')) return true;
  // Read in the handler itself, as busboy and formidable are.
  if (reached.has(fn)) return true;
  return endpoints.some(({ chain }) => chain.some(({ value }) => takesFiles(value, site.call, callee)));
}

/** A step that the call made, itself or by one of its methods: `upload.single('file')`, but not `upload.none()`. */
function takesFiles(value: Value, call: Operation['site']['call'], callee: string): boolean {
  if (value.k !== 'api' || /#none(?:\(\)|$)/.test(value.path)) return false;
  for (let at: ApiValue | undefined = value; at; at = at.from)
    if (at.made?.call === call) return at.path.startsWith(callee);
  return false;
}

/** Whether a parser stands before routes by being used for all of them, rather than on one route or below one path. */
function isForAll({ endpoints }: Model, { site }: Operation): boolean {
  const links = endpoints.flatMap(({ chain }: Endpoint) =>
    chain.filter(({ value }) => value.k === 'api' && value.made?.call === site.call),
  );
  return links.length > 0 && links.every(({ via }) => via === 'use()' || via === "use('/')");
}

/** An ingress that refuses large bodies before they arrive. */
function isLimitedInFront({ project }: Model): boolean {
  return project
    .artefactsOf('kubernetes')
    .some(({ facts }) =>
      facts.resources.some(
        one => 'annotations' in one && one.annotations.some(({ name }) => /body-size|max-?request/i.test(name.value)),
      ),
    );
}

function bytesOf(value: Value | undefined): number | undefined {
  if (value?.k === 'const' && typeof value.v === 'number') return value.v;
  const [, digits, unit = ''] = /^\s*([\d.]+)\s*([kmg]?b)?\s*$/i.exec(stringOf(value) ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits) * UNITS[unit.toLowerCase()]!;
}

function sizeText(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'any size';
  return bytes >= 1024 ** 3 ? `${round(bytes / 1024 ** 3)} GB` : `${round(bytes / 1024 ** 2)} MB`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
