import { NextResponse } from 'next/server';
import { serviceClient } from '@/lib/supabase-server';

export async function DELETE(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const { error } = await serviceClient().from('feedback').delete().eq('id', id);
  if (error) return NextResponse.json({ title: 'Bad Gateway' }, { status: 502 });
  return new NextResponse(null, { status: 204 });
}
