import express, { Router } from 'express';
import Stripe from 'stripe';
import { env } from '../config.js';
import { pool } from '../db.js';
import { asyncHandler } from '../middleware/async-handler.js';

const stripe = new Stripe(env.STRIPE_API_KEY);

export const webhooksRouter = Router();

webhooksRouter.post(
  '/stripe',
  express.raw({ type: 'application/json' }),
  asyncHandler(async (req, res) => {
    let event: Stripe.Event;
    try {
      event = stripe.webhooks.constructEvent(req.body, req.get('stripe-signature') ?? '', env.STRIPE_WEBHOOK_SECRET);
    } catch {
      res.status(400).end();
      return;
    }
    if (event.type === 'payment_intent.succeeded') {
      await pool.query("UPDATE orders SET status = 'paid' WHERE payment_id = $1", [event.data.object.id]);
    }
    res.status(204).end();
  }),
);
