import type { MiddlewareRole } from '../link/endpoint.ts';
import type { ApiValue } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { discoverMedusa } from './medusa/discover.ts';
import { optionIs } from './shared/routes.ts';

const HTTP = '@medusajs/framework/http';
const NAMES = [
  'authenticate',
  'defineMiddlewares',
  'validateAndTransformBody',
  'validateAndTransformQuery',
  'MedusaRequest',
  'AuthenticatedMedusaRequest',
  'MedusaResponse',
  'MedusaStoreRequest',
];

/** Guards let callers without an account, or without a credential, pass where their options say so. */
const authenticates = (made: ApiValue): readonly MiddlewareRole[] => [
  optionIs(made, 'allowUnauthenticated', true) ? 'recognises' : 'authenticates',
];

/** Route files below `src/api`; what guards and checks them is chosen by matchers in one file. */
export const medusa = defineAdapter({
  id: 'medusa',
  title: 'Medusa',
  docs: 'https://docs.medusajs.com/learn/fundamentals/api-routes',
  packages: ['@medusajs/framework', '@medusajs/medusa'],
  parsesJson: true,
  // Handlers are wrapped: what they reject with goes to the error handler.
  forwardsRejectionsFrom: 0,
  aliases: {
    ...Object.fromEntries(
      NAMES.flatMap(name =>
        ['@medusajs/framework', '@medusajs/medusa', '@medusajs/framework/http'].map(from => [
          `${from}.${name}`,
          `${HTTP}.${name}`,
        ]),
      ).filter(([from, to]) => from !== to),
    ),
    [`${HTTP}.MedusaRequest`]: 'express.Request',
    [`${HTTP}.MedusaStoreRequest`]: 'express.Request',
    [`${HTTP}.AuthenticatedMedusaRequest`]: 'express.Request',
    [`${HTTP}.MedusaResponse`]: 'express.Response',
    '@medusajs/medusa.MedusaRequest': 'express.Request',
    '@medusajs/medusa.MedusaResponse': 'express.Response',
    '@medusajs/medusa.AuthenticatedMedusaRequest': 'express.Request',
  },

  request: {
    'express.Request#validatedBody': 'body',
    'express.Request#validatedQuery': 'query',
    'express.Request#filterableFields': 'query',
    'express.Request#auth_context': 'user',
  },

  middleware: {
    [`${HTTP}.authenticate()`]: authenticates,
    [`${HTTP}.validateAndTransformBody()`]: ['validates-body'],
    [`${HTTP}.validateAndTransformQuery()`]: ['validates-query'],
  },

  discover: discoverMedusa,
});
