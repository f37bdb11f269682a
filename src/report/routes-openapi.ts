import { compareText } from '../common/compare.ts';
import type { RouteInfo } from '../session/api.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
const ANY_METHOD = new Set(['ALL', 'ANY', '*']);

/**
 * An OpenAPI 3.1 outline of the routes: paths, methods and path parameters, which is what the code proves. Routes
 * whose path is not fully known and those that are not HTTP operations are named under `x-underpin-left-out`.
 */
export function renderOpenapi(routes: readonly RouteInfo[], title: string): string {
  const paths: Record<string, Record<string, unknown>> = {};
  const leftOut: string[] = [];
  for (const route of [...routes].sort(
    (left, right) => compareText(left.path, right.path) || compareText(left.method, right.method),
  )) {
    const method = route.method.toLowerCase();
    const methods = ANY_METHOD.has(route.method.toUpperCase())
      ? METHODS.slice(0, 4)
      : METHODS.filter(known => known === method);
    if (methods.length === 0 || route.partial !== undefined || !route.path.startsWith('/')) {
      leftOut.push(`${route.method} ${route.path}`);
      continue;
    }
    const { path, parameters } = templated(route.path);
    let item = paths[path];
    if (!item) {
      item = parameters.length > 0 ? { parameters: parameters.map(toParameter) } : {};
      paths[path] = item;
    }
    for (const name of methods) item[name] ??= operation(route);
  }
  const document = {
    openapi: '3.1.1',
    info: { title, version: '0.0.0' },
    paths,
    ...(leftOut.length > 0 ? { 'x-underpin-left-out': leftOut } : {}),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function operation({ verdicts, isPublic }: RouteInfo): object {
  return {
    responses: { default: { description: 'Not described in the code.' } },
    'x-underpin': { ...verdicts, ...(isPublic === undefined ? {} : { public: isPublic }) },
  };
}

function toParameter(name: string): object {
  return { name, in: 'path', required: true, schema: { type: 'string' } };
}

/** `:id`, `:id(\\d+)`, `:id{\\d+}`, `{id}`, `[id]`, `[...rest]`, `*` and `*rest` all become `{name}`. */
function templated(path: string): { path: string; parameters: string[] } {
  const parameters: string[] = [];
  const template = path.replace(
    /:(\w+)(?:\([^)]*\)|\{[^}]*\})?[?*+]?|\{(\w+)[^}]*\}|\[{1,2}(?:\.{3})?(\w+)\]{1,2}|\{?\*(\w*)\}?/g,
    (_, ...names: (string | undefined)[]) => {
      const wanted = names.slice(0, 4).find(name => name) ?? 'rest';
      let name = wanted;
      for (let copy = 2; parameters.includes(name); copy++) name = `${wanted}${copy}`;
      parameters.push(name);
      return `{${name}}`;
    },
  );
  return { path: template, parameters };
}
