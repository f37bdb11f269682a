import { env } from '../config.js';

export async function sendWelcome(email: string): Promise<void> {
  try {
    const response = await fetch(`${env.MAIL_URL}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: email, template: 'welcome' }),
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`The mail service answered ${response.status}.`);
  } catch (error) {}
}
