import type { Endpoint } from '../link/endpoint.ts';
import type { Model } from '../link/model.ts';
import type { FileFacts } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import { insertImport } from './source-import.ts';
import { styleOf } from './source-style.ts';

/** How a handler answers that what was sent is wrong, and ends. */
export interface Refusal {
  readonly lines: readonly string[];
  readonly edits: readonly TextEdit[];
}

/** The endpoint that a function answers by itself. */
export function endpointOf({ endpoints }: Model, fn: object): Endpoint | undefined {
  return endpoints.find(({ handler }) => handler?.fn === fn);
}

/** Undefined where the framework's way to answer is not known, or the handler does not name what it takes. */
export function refusal(
  file: string,
  source: string,
  facts: FileFacts,
  { handler, framework }: Endpoint,
): Refusal | undefined {
  const [first, second] = handler?.fn.params.map(({ pat }) => (pat.k === 'pid' ? pat.n : undefined)) ?? [];
  const { semicolon } = styleOf(source);
  const say = (...lines: string[]): Refusal => ({ lines: lines.map(line => line + semicolon), edits: [] });
  switch (framework) {
    case 'express':
      return second ? say(`${second}.status(400).end()`, 'return') : undefined;
    case 'fastify':
      return second ? say(`return ${second}.code(400).send()`) : undefined;
    case 'koa':
      return first ? say(`${first}.status = 400`, 'return') : undefined;
    case 'hono':
      return first ? say(`return ${first}.body(null, 400)`) : undefined;
    case 'nest': {
      const wish = { module: '@nestjs/common', name: 'BadRequestException' };
      const loaded = insertImport(file, source, facts, wish);
      return loaded && { ...say(`throw new ${loaded.local}()`), edits: loaded.edits };
    }
    default:
      return undefined;
  }
}
