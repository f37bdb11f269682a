import { inTransaction, pool } from '../db.js';
import { logger } from '../logger.js';

interface Line {
  readonly productId: number;
  readonly quantity: number;
}

export async function placeOrder(userId: number, lines: readonly Line[], shippingCents: number) {
  let total = shippingCents;
  for (const line of lines) {
    const { rows } = await pool.query('SELECT price_cents FROM products WHERE id = $1', [line.productId]);
    total += rows[0].price_cents * line.quantity;
  }
  const order = await inTransaction(async client => {
    const { rows } = await client.query(
      'INSERT INTO orders (user_id, total_cents, status) VALUES ($1, $2, $3) RETURNING id, status',
      [userId, total, 'open'],
    );
    const ids = lines.map(line => line.productId);
    const quantities = lines.map(line => line.quantity);
    await client.query(
      'INSERT INTO order_lines (order_id, product_id, quantity) SELECT $1, * FROM unnest($2::int[], $3::int[])',
      [rows[0].id, ids, quantities],
    );
    return rows[0];
  });
  logger.info({ orderId: order.id, total }, 'order placed');
  return order;
}
