import assert from 'node:assert/strict';
import test from 'node:test';
import type { Endpoint } from '../../../src/engine/link/endpoint.ts';
import { analyseTexts } from '../../harness/workspace.ts';

/** The same gateway in the dialect of each tool that deploys it. */
const STORY = [
  'DELETE /orders/:id yes',
  'GET /files/*path no',
  'GET /orders no',
  'POST /orders yes',
  'POST /reports yes',
];

const CODE = {
  'src/orders.ts': `
    import jwt from 'jsonwebtoken';
    export const list = async () => ({ statusCode: 200, body: '[]' });
    export const place = async event => ({ statusCode: 200, body: event.body });
    export const report = async event => {
      try {
        jwt.verify(event.headers.authorization, process.env.JWT_SECRET);
      } catch {
        return { statusCode: 401 };
      }
      return { statusCode: 200 };
    };`,
};

const DIALECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'serverless.yml': {
    'serverless.yml': `service: shop
provider:
  name: aws
  runtime: nodejs22.x
functions:
  list:
    handler: src/orders.list
    events:
      - httpApi: GET /orders
      - http: { path: 'files/{path+}', method: get, private: true }
  place:
    handler: src/orders.place
    events:
      - httpApi: { path: /orders, method: post, authorizer: { name: jwt } }
      - http:
          path: /orders/{id}
          method: delete
          authorizer: aws_iam
  report:
    handler: src/orders.report
    events:
      - httpApi: POST /reports
`,
  },
  'template.yaml': {
    'template.yaml': `Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs22.x
Resources:
  Guarded:
    Type: AWS::Serverless::Api
    Properties:
      StageName: v1
      Auth: { DefaultAuthorizer: Pool }
  List:
    Type: AWS::Serverless::Function
    Properties:
      Handler: src/orders.list
      Events:
        Orders: { Type: HttpApi, Properties: { Path: /orders, Method: get } }
        Files:
          Type: Api
          Properties: { RestApiId: !Ref Guarded, Path: '/files/{path+}', Method: get, Auth: { Authorizer: NONE } }
  Place:
    Type: AWS::Serverless::Function
    Properties:
      Handler: src/orders.place
      Events:
        Place: { Type: Api, Properties: { RestApiId: !Ref Guarded, Path: /orders, Method: post } }
        Drop:
          Type: HttpApi
          Properties: { Path: '/orders/{id}', Method: delete, Auth: { Authorizer: Pool } }
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Handler: src/orders.report
      Events:
        Post: { Type: HttpApi, Properties: { Path: /reports, Method: post } }
`,
  },
  'a CDK stack': {
    'lib/stack.ts': `
      import * as path from 'node:path';
      import { Stack } from 'aws-cdk-lib';
      import { AuthorizationType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
      import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
      import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
      import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
      import { Code, Function } from 'aws-cdk-lib/aws-lambda';
      import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
      export class ShopStack extends Stack {
        constructor(scope, id) {
          super(scope, id);
          const entry = path.join(__dirname, '../src/orders.ts');
          const list = new NodejsFunction(this, 'List', { entry, handler: 'list' });
          const place = new NodejsFunction(this, 'Place', { entry, handler: 'place' });
          const report = new Function(this, 'Report', { code: Code.fromAsset('src'), handler: 'orders.report' });
          const api = new RestApi(this, 'Api');
          const orders = api.root.addResource('orders');
          orders.addMethod('GET', new LambdaIntegration(list));
          orders.addMethod('POST', new LambdaIntegration(place), { authorizationType: AuthorizationType.IAM });
          api.root.addResource('files').addResource('{path+}').addMethod('GET', new LambdaIntegration(list));
          const jwt = new HttpJwtAuthorizer('Jwt', 'https://issuer.example');
          const http = new HttpApi(this, 'Http');
          http.addRoutes({
            path: '/orders/{id}',
            methods: [HttpMethod.DELETE],
            integration: new HttpLambdaIntegration('Drop', place),
            authorizer: jwt,
          });
          http.addRoutes({
            path: '/reports',
            methods: [HttpMethod.POST],
            integration: new HttpLambdaIntegration('Report', report),
          });
        }
      }`,
  },
};

for (const [dialect, files] of Object.entries(DIALECTS)) {
  test(`${dialect} tells the story`, () => {
    const { model, findings } = analyseTexts(new Map(Object.entries({ ...CODE, ...files })));
    assert.deepEqual(model.endpoints.map(tell).sort(), STORY);
    for (const { partial, protocol, handler } of model.endpoints) {
      assert.equal(partial, undefined);
      assert.equal(protocol, 'event');
      assert.equal(handler?.file, 'src/orders.ts');
    }
    assert.deepEqual(
      findings.filter(one => one.ruleId === 'security/missing-auth'),
      [],
    );
  });
}

test('what a file leaves to variables or to code that is not there is not concluded from', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'serverless.yml',
        `provider: { name: aws, runtime: nodejs22.x }
functions:
  one:
    handler: src/one.handler
    events:
      - httpApi: { path: '\${self:custom.path}', method: get }
      - httpApi: { path: /two, method: get, authorizer: '\${file(auth.yml)}' }
`,
      ],
    ]),
  );
  assert.deepEqual(
    model.endpoints.map(({ path, auth, partial }) => [path, auth, partial]),
    [
      ['/{?}', 'unknown', 'the function’s code could not be found'],
      ['/two', 'unknown', 'the function’s code could not be found'],
    ],
  );
});

test('a CDK stack may import the library as a whole, and wrap what it deploys', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'lib/stack.ts',
        `
        import { Stack, aws_apigateway, aws_lambda_nodejs } from 'aws-cdk-lib';
        export class PetStack extends Stack {
          constructor(scope, id) {
            super(scope, id);
            const settings = { handler: 'handler', memorySize: 256 };
            const list = new aws_lambda_nodejs.NodejsFunction(this, 'List', { entry: './src/list.ts', ...settings });
            const api = new aws_apigateway.RestApi(this, 'Api');
            api.root.addResource('pets').addMethod('GET', new aws_apigateway.LambdaIntegration(list));
          }
        }`,
      ],
      [
        'src/list.ts',
        `
        import middy from '@middy/core';
        import cors from '@middy/http-cors';
        const list = async event => ({ statusCode: 200, body: '[]' });
        const handler = middy(list).use(cors());
        export { handler };`,
      ],
    ]),
  );
  assert.deepEqual(
    model.endpoints.map(({ method, path, handler, partial }) => [method, path, handler?.file, partial]),
    [['GET', '/pets', 'src/list.ts', undefined]],
  );
});

test('a middy chain may hold a guard that is not known', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'src/a.ts',
        `import middy from '@middy/core';
         import guard from '@example/guard';
         export const handler = middy(async event => ({ statusCode: 200 })).use(guard());`,
      ],
      [
        'serverless.yml',
        `provider: { name: aws, runtime: nodejs22.x }
functions:
  one:
    handler: src/a.handler
    events:
      - httpApi: POST /a
`,
      ],
    ]),
  );
  assert.deepEqual(model.endpoints.map(tell), ['POST /a unknown']);
  assert.equal(model.endpoints[0]?.handler?.fn.async, true);
});

function tell({ method, path, auth }: Endpoint): string {
  return `${method} ${path} ${auth}`;
}
