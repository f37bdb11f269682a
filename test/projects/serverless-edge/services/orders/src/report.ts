import pg from 'pg';

export const handler = async (): Promise<void> => {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query('SELECT count(*) AS orders FROM orders WHERE day = current_date - 1');
  console.log(JSON.stringify({ message: 'daily report', orders: rows[0].orders }));
  await client.end();
};
