import { pool } from '../db.js';
import { logger } from '../logger.js';

const { rows } = await pool.query(
  'SELECT product_id, sum(quantity) AS sold FROM order_lines GROUP BY product_id ORDER BY sold DESC LIMIT 20',
);
logger.info({ best: rows }, 'daily report');
await pool.end();
