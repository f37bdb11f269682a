import type { ChainLink } from '../link/endpoint.ts';
import { type FunctionEndpoint, functionEndpoints, type Gate } from '../link/function-events.ts';
import type { Program } from '../link/program.ts';
import { createRouter, type RouterObject } from '../link/router.ts';
import { api, constant, UNKNOWN } from '../link/values.ts';
import type { Span } from '../model/span.ts';
import { defineAdapter } from './adapter.ts';
import { discoverCdk } from './aws/cdk.ts';

const EVENT = 'aws-lambda.APIGatewayProxyEvent';
const NAMES = [
  'APIGatewayEvent',
  'APIGatewayProxyEventV2',
  'APIGatewayProxyEventV2WithJWTAuthorizer',
  'LambdaFunctionURLEvent',
];

/** Functions behind API Gateway: what the gateway asks of callers stands in a configuration file or a stack. */
export const awsLambda = defineAdapter({
  id: 'lambda',
  title: 'AWS Lambda',
  docs: 'https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html',
  packages: ['aws-lambda', '@types/aws-lambda', 'aws-cdk-lib'],
  aliases: Object.fromEntries(NAMES.map(name => [`aws-lambda.${name}`, EVENT])),
  request: {
    [`${EVENT}#body`]: 'body',
    [`${EVENT}#queryStringParameters`]: 'query',
    [`${EVENT}#multiValueQueryStringParameters`]: 'query',
    [`${EVENT}#pathParameters`]: 'params',
    [`${EVENT}#headers`]: 'headers',
    [`${EVENT}#cookies`]: 'cookies',
    [`${EVENT}#rawPath`]: 'url',
    [`${EVENT}#requestContext.authorizer`]: 'user',
    [`${EVENT}#requestContext#authorizer`]: 'user',
    [`${EVENT}#requestContext.identity`]: 'ip',
    [`${EVENT}#requestContext#identity`]: 'ip',
  },
  discover(program) {
    const routers = new Map<string, RouterObject>();
    for (const endpoint of functionEndpoints(program)) {
      const router = routers.get(endpoint.path) ?? newGateway(program, endpoint.path);
      routers.set(endpoint.path, router);
      addEndpoint(program, router, endpoint);
    }
    discoverCdk(program, (file, span) => newGateway(program, file, span), EVENT);
  },
});

function newGateway(program: Program, file: string, at?: Span): RouterObject {
  const span = at?.file === file ? at : { file, start: at?.start ?? 0, end: at?.end ?? 0 };
  const router = createRouter('lambda', span, { app: true, order: 'scoped', protocol: 'event' });
  program.routers.push(router);
  return router;
}

function addEndpoint(program: Program, router: RouterObject, endpoint: FunctionEndpoint): void {
  const { method, route, func, span } = endpoint;
  if (func) program.giveParams(func, [api(EVENT, true)]);
  router.entries.push({
    k: 'route',
    methods: [method],
    path: route === undefined ? UNKNOWN : constant(route === '*' ? '/*' : route.replace(/\{(\w+)\+\}/g, '*$1')),
    handlers: func ? [func] : [],
    span,
    conditional: false,
    ...(func ? {} : { partial: 'the function’s code could not be found' }),
    judge: () => ({ steps: gateSteps(endpoint) }),
  });
}

function gateSteps({ gate, authorizer, span, direct, func }: FunctionEndpoint): ChainLink[] {
  const steps: ChainLink[] = [];
  const at = authorizer ?? span;
  const value = UNKNOWN;
  if (gate !== 'open') {
    const { roles, why } = GATES[gate];
    steps.push({ value, roles, span: at, via: 'the gateway', why, evidence: [] });
  }
  if (func && !direct)
    steps.push({
      value,
      roles: ['unknown'],
      span,
      via: 'around the handler',
      why: 'a wrapper may act first',
      evidence: [],
    });
  return steps;
}

const GATES: Readonly<Record<Exclude<Gate, 'open'>, Pick<ChainLink, 'roles' | 'why'>>> = {
  checked: { roles: ['authenticates'], why: 'its authorizer checks who is calling' },
  metered: { roles: ['neutral'], why: 'a key counts calls and proves nobody' },
  unknown: { roles: ['unknown'], why: 'its authorizer is computed' },
};
