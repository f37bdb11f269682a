import { z } from 'zod';

const Env = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  DATABASE_URL: z.string().min(1),
  STRIPE_API_KEY: z.string().min(1),
  STRIPE_WEBHOOK_SECRET: z.string().min(1),
  SHIPPING_URL: z.string().url(),
  MAIL_URL: z.string().url(),
});

export const env = Env.parse(process.env);
export const isProduction = env.NODE_ENV === 'production';
