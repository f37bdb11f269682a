import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2, statement_timeout: 5_000 });

export async function runReport(sql: string): Promise<unknown[]> {
  const { rows } = await pool.query(sql);
  return rows;
}
