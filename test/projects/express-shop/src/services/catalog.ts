import { pool } from '../db.js';

export interface Product {
  readonly id: number;
  readonly name: string;
  readonly price_cents: number;
}

export async function searchProducts(text: string, sort: string): Promise<Product[]> {
  const { rows } = await pool.query(
    `SELECT id, name, price_cents FROM products WHERE name ILIKE $1 ORDER BY ${sort} LIMIT 50`,
    [`%${text}%`],
  );
  return rows;
}

export async function findProduct(id: number): Promise<Product | undefined> {
  const { rows } = await pool.query('SELECT id, name, price_cents FROM products WHERE id = $1', [id]);
  return rows[0];
}
