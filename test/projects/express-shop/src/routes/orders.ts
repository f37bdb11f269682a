import { Router } from 'express';
import { z } from 'zod';
import { pool } from '../db.js';
import { asyncHandler } from '../middleware/async-handler.js';
import { type Caller, requireAuth } from '../middleware/require-auth.js';
import { validateBody } from '../middleware/validate.js';
import { placeOrder } from '../services/checkout.js';
import { shippingQuote } from '../services/shipping.js';

const NewOrder = z.object({
  postcode: z.string().regex(/^[0-9]{5}$/),
  lines: z.array(z.object({ productId: z.number().int(), quantity: z.number().int().positive() })).min(1),
});

export const ordersRouter = Router();
ordersRouter.use(requireAuth);

ordersRouter.get(
  '/',
  asyncHandler(async (_req, res) => {
    const { id } = res.locals.caller as Caller;
    const { rows } = await pool.query('SELECT id, status FROM orders WHERE user_id = $1 LIMIT 100', [id]);
    res.json(rows);
  }),
);

ordersRouter.get('/:id', async (req, res) => {
  const { id } = res.locals.caller as Caller;
  const { rows } = await pool.query('SELECT * FROM orders WHERE id = $1 AND user_id = $2', [req.params.id, id]);
  if (rows.length === 0) {
    res.status(404).json({ type: 'about:blank', title: 'Not Found', status: 404 });
    return;
  }
  res.json(rows[0]);
});

ordersRouter.post(
  '/',
  validateBody(NewOrder),
  asyncHandler(async (req, res) => {
    const { id } = res.locals.caller as Caller;
    const quote = await shippingQuote(req.body.postcode);
    const order = await placeOrder(id, req.body.lines, quote.cents);
    res.status(201).json(order);
  }),
);

ordersRouter.patch(
  '/:id/address',
  asyncHandler(async (req, res) => {
    const { id } = res.locals.caller as Caller;
    const { street, city, postcode } = req.body;
    const { rows } = await pool.query(
      'UPDATE orders SET street = $1, city = $2, postcode = $3 WHERE id = $4 AND user_id = $5 RETURNING *',
      [street, city, postcode, Number(req.params.id), id],
    );
    res.json(rows[0]);
  }),
);

ordersRouter.post(
  '/:id/cancel',
  asyncHandler(async (req, res) => {
    const { id } = res.locals.caller as Caller;
    await pool.query("UPDATE orders SET status = 'cancelled' WHERE id = $1 AND user_id = $2 AND status = 'open'", [
      Number(req.params.id),
      id,
    ]);
    res.status(204).end();
  }),
);
