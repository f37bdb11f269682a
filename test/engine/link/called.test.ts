import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function routes(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries(files)), { rules: [] });
  return model.endpoints
    .map(one => `${one.method} ${one.path} auth=${one.auth} limit=${one.rateLimit} validation=${one.validation}`)
    .sort();
}

suite('functions that call themselves', () => {
  test('are not followed into every way through a tree', () => {
    const kinds = Array.from({ length: 9 }, (_, at) => `'k${at}'`);
    const begun = performance.now();
    assert.deepEqual(
      routes({
        'formula.ts': `
          export function evaluate(node, scope) {
            ${kinds.map((kind, at) => `if (node.kind === ${kind}) return evaluate(node.part${at}, { ...scope, at: ${at} });`).join('\n')}
            return scope.at;
          }
          export const first = evaluate({ kind: 'k0' }, {});`,
        'server.ts': `
          import express from 'express';
          import { first } from './formula.ts';
          const app = express();
          app.get('/first', (req, res) => res.json(first));
          app.listen(3000);`,
      }),
      ['GET /first auth=no limit=no validation=no'],
    );
    assert.ok(performance.now() - begun < 20_000);
  });
});
