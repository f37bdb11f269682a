import { EXPRESS_GUARD } from './express-guard.ts';

/** The story where a contract states methods, paths and schemas, and handlers are written elsewhere. */
export const CONTRACT_FIRST: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ts-rest': {
    'src/contract.ts': `
      import { initContract } from '@ts-rest/core';
      import { z } from 'zod';
      const c = initContract();
      const reports = c.router(
        {
          list: { method: 'GET', path: '/', responses: { 200: c.type<string[]>() } },
          publish: { method: 'POST', path: '/:id', body: c.noBody(), responses: { 200: c.type<object>() } },
        },
        { pathPrefix: '/reports' },
      );
      export const contract = c.router({
        status: { method: 'GET', path: '/status', responses: { 200: c.type<string>() } },
        list: { method: 'GET', path: '/orders', responses: { 200: c.type<string[]>() } },
        create: { method: 'POST', path: '/orders', body: z.object({ item: z.string() }), responses: {} },
        remove: { method: 'DELETE', path: '/orders/:id', body: c.type<null>(), responses: {} },
        search: c.query({ method: 'POST', path: '/search', responses: {} }),
        reports: c.router({ ...reports }, { pathPrefix: '/api' }),
      });`,
    'src/guard.ts': EXPRESS_GUARD,
    'src/reports.ts': `
      import { initServer } from '@ts-rest/express';
      import { contract } from './contract.js';
      import { requireUser } from './guard.js';
      const s = initServer();
      export const reports = s.router(contract.reports, {
        list: async () => ({ status: 200, body: [] }),
        publish: { middleware: [requireUser], handler: async () => ({ status: 200, body: {} }) },
      });`,
    'src/app.ts': `
      import express from 'express';
      import { createExpressEndpoints, initServer } from '@ts-rest/express';
      import rateLimit from 'express-rate-limit';
      import { audit } from '@example/audit';
      import { contract } from './contract.js';
      import { requireUser } from './guard.js';
      import { reports } from './reports.js';
      const app = express();
      const s = initServer();
      const router = s.router(contract, {
        status: async () => ({ status: 200, body: 'ok' }),
        list: { middleware: [requireUser], handler: async () => ({ status: 200, body: [] }) },
        create: s.route(contract.create, {
          middleware: [requireUser],
          handler: async ({ body }) => ({ status: 201, body }),
        }),
        remove: { middleware: [audit()], handler: async () => ({ status: 204, body: null }) },
        search: { middleware: [rateLimit({ limit: 10 })], handler: async () => ({ status: 200, body: [] }) },
        reports,
      });
      createExpressEndpoints(contract, router, app);`,
  },
};
