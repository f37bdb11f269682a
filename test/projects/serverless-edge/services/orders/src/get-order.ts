import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyHandlerV2 } from 'aws-lambda';
import { TABLE, table } from './table.js';

export const handler: APIGatewayProxyHandlerV2 = async event => {
  const { Item } = await table.send(new GetCommand({ TableName: TABLE, Key: { id: event.pathParameters?.id } }));
  if (!Item) return { statusCode: 404, body: JSON.stringify({ title: 'Not Found' }) };
  return { statusCode: 200, body: JSON.stringify(Item) };
};
