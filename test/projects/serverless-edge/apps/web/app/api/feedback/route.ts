import { NextResponse } from 'next/server';
import { z } from 'zod';
import { currentUser } from '@/lib/session';
import { serviceClient } from '@/lib/supabase-server';

const Feedback = z.object({ text: z.string().min(1).max(2000), rating: z.number().int().min(1).max(5) });

export async function GET() {
  const user = await currentUser();
  if (!user) return NextResponse.json({ title: 'Unauthorized' }, { status: 401 });
  const { data, error } = await serviceClient().from('feedback').select('id, text, rating').eq('author', user.id).limit(50);
  if (error) return NextResponse.json({ title: 'Bad Gateway' }, { status: 502 });
  return NextResponse.json(data);
}

export async function POST(request: Request) {
  const user = await currentUser();
  if (!user) return NextResponse.json({ title: 'Unauthorized' }, { status: 401 });
  const feedback = Feedback.safeParse(await request.json());
  if (!feedback.success) return NextResponse.json({ title: 'Bad Request' }, { status: 400 });
  const { error } = await serviceClient().from('feedback').insert({ ...feedback.data, author: user.id });
  if (error) return NextResponse.json({ title: 'Bad Gateway' }, { status: 502 });
  return NextResponse.json({ ok: true }, { status: 201 });
}
