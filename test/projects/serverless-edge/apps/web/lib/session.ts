import { cookies } from 'next/headers';
import { serviceClient } from './supabase-server';

export async function currentUser() {
  const token = (await cookies()).get('access_token')?.value;
  if (!token) return undefined;
  const { data, error } = await serviceClient().auth.getUser(token);
  return error ? undefined : data.user;
}
