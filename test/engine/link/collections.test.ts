import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

function routes(app: string): string[] {
  const { model } = analyseTexts(new Map([['src/app.ts', `import express from 'express';\n${app}`]]));
  return model.endpoints.map(({ method, path, partial }) => `${method} ${path}${partial ? `: ${partial}` : ''}`).sort();
}

suite('routes that wait in maps and sets', () => {
  test('are there under every key, whichever way it is gone over', () => {
    assert.deepEqual(
      routes(`
        const app = express();
        const handlers = new Map([['/a', (req, res) => res.send('a')]]);
        handlers.set('/b', (req, res) => res.send('b')).set('/c', (req, res) => res.send('c'));
        handlers.forEach((handler, path) => app.get(path, handler));
        for (const [path, handler] of handlers) app.put(path, handler);
        Array.from(handlers.keys()).forEach(path => app.patch(path, handlers.get(path)));`),
      ['GET /a', 'GET /b', 'GET /c', 'PATCH /a', 'PATCH /b', 'PATCH /c', 'PUT /a', 'PUT /b', 'PUT /c'],
    );
  });

  test('are collected by a registry of the project and registered by computed methods', () => {
    assert.deepEqual(
      routes(`
        class Registry {
          protected known = new Map<string, Route[]>();
          add(method, url, handler) {
            const path = url.split('?')[0];
            const existing = this.known.get(path);
            if (!existing) {
              this.known.set(path, [{ method, handler }]);
              return;
            }
            existing.push({ method, handler });
          }
          routes() {
            return this.known;
          }
        }
        const registry = new Registry();
        const commands = [
          one => one.add('get', '/items?list', (req, res) => res.send([])),
          one => one.add('post', '/items?create', (req, res) => res.send({})),
          one => one.add('delete', '/items/:id', (req, res) => res.send({})),
        ];
        commands.forEach(command => command(registry));
        const app = express();
        Array.from(registry.routes().keys()).forEach(path => {
          const found = registry.routes().get(path);
          if (!found || found.length === 0) return;
          const methods = new Set(found.map(one => one.method));
          methods.forEach(method => app[method](path, found.filter(one => one.method === method)[0].handler));
        });`),
      ['DELETE /items/:id', 'GET /items', 'POST /items'],
    );
  });

  test('are partial, not absent, where the method cannot be told', () => {
    assert.deepEqual(
      routes(`
        import { routes } from './generated.js';
        const app = express();
        for (const method of Object.keys(process.env)) app[method]('/any', (req, res) => res.send('x'));
        routes.forEach(route => app[route.method](route.path, route.handler));`),
      ['ALL /any: the method is computed', 'ALL /{?}: the method is computed'],
    );
  });

  test('are not invented from what a set no longer holds', () => {
    assert.deepEqual(
      routes(`
        const app = express();
        const paths = new Set(['/a', '/b']);
        paths.clear();
        for (const path of paths) app.get(path, (req, res) => res.send('x'));`),
      ['GET /{?}: the path is computed'],
    );
  });

  test('are told to be incomplete where a list has gaps', () => {
    assert.deepEqual(
      routes(`
        const app = express();
        const names = ['/a'];
        names[1] = '/b';
        for (const name of names) app.get(name, (req, res) => res.send(''));
        const sparse = [];
        sparse[2] = '/c';
        const at = Number(process.env.AT);
        const shown = sparse[at];
        for (const name of sparse) app.get(name, (req, res) => res.send(shown));`),
      ['GET /a', 'GET /b', 'GET /{?}: the path is computed'],
    );
  });
});
