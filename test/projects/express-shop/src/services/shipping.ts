import { env } from '../config.js';

export interface Quote {
  readonly cents: number;
  readonly days: number;
}

export async function shippingQuote(postcode: string): Promise<Quote> {
  const response = await fetch(`${env.SHIPPING_URL}/quotes?postcode=${encodeURIComponent(postcode)}`);
  if (!response.ok) throw new Error(`The shipping service answered ${response.status}.`);
  return (await response.json()) as Quote;
}
