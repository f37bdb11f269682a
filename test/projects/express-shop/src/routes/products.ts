import { Router } from 'express';
import { z } from 'zod';
import { pool } from '../db.js';
import { asyncHandler } from '../middleware/async-handler.js';
import { requireAuth, requireStaff } from '../middleware/require-auth.js';
import { validateBody } from '../middleware/validate.js';
import { findProduct, searchProducts } from '../services/catalog.js';

const Product = z.object({
  name: z.string().min(1).max(200),
  description: z.string().max(4000),
  priceCents: z.number().int().positive(),
});

export const productsRouter = Router();

productsRouter.get(
  '/',
  asyncHandler(async (req, res) => {
    res.json(await searchProducts(String(req.query.q ?? ''), String(req.query.sort ?? 'name')));
  }),
);

productsRouter.get(
  '/:id',
  asyncHandler(async (req, res) => {
    const product = await findProduct(Number(req.params.id));
    if (!product) {
      res.status(404).json({ type: 'about:blank', title: 'Not Found', status: 404 });
      return;
    }
    res.json(product);
  }),
);

productsRouter.post(
  '/',
  requireAuth,
  requireStaff,
  validateBody(Product),
  asyncHandler(async (req, res) => {
    const { name, description, priceCents } = req.body;
    const { rows } = await pool.query(
      'INSERT INTO products (name, description, price_cents) VALUES ($1, $2, $3) RETURNING *',
      [name, description, priceCents],
    );
    res.status(201).json(rows[0]);
  }),
);

productsRouter.delete(
  '/:id',
  asyncHandler(async (req, res) => {
    await pool.query('DELETE FROM products WHERE id = $1', [Number(req.params.id)]);
    res.status(204).end();
  }),
);
