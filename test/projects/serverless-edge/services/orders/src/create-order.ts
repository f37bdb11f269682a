import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyHandlerV2 } from 'aws-lambda';
import { z } from 'zod';
import { TABLE, table } from './table.js';

const Order = z.object({ sku: z.string().min(1), quantity: z.number().int().positive().max(100) });

export const handler: APIGatewayProxyHandlerV2 = async event => {
  const order = Order.safeParse(JSON.parse(event.body ?? '{}'));
  if (!order.success) return { statusCode: 400, body: JSON.stringify({ title: 'Bad Request' }) };
  const id = crypto.randomUUID();
  await table.send(new PutCommand({ TableName: TABLE, Item: { id, ...order.data } }));
  notifyWarehouse(id);
  return { statusCode: 201, body: JSON.stringify({ id }) };
};

async function notifyWarehouse(id: string): Promise<void> {
  const response = await fetch(`${process.env.RECEIPTS_URL}/orders/${id}`, {
    method: 'POST',
    signal: AbortSignal.timeout(3_000),
  });
  if (!response.ok) throw new Error(`The warehouse answered ${response.status}.`);
}
