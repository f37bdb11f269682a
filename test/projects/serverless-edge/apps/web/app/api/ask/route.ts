import { NextResponse } from 'next/server';
import OpenAI from 'openai';
import { z } from 'zod';
import { currentUser } from '@/lib/session';
import { runReport } from '@/lib/reports';

const openai = new OpenAI({ timeout: 20_000, maxRetries: 1 });
const Question = z.object({ question: z.string().min(1).max(500) });

export async function POST(request: Request) {
  const user = await currentUser();
  if (!user) return NextResponse.json({ title: 'Unauthorized' }, { status: 401 });
  const body = Question.safeParse(await request.json());
  if (!body.success) return NextResponse.json({ title: 'Bad Request' }, { status: 400 });
  const completion = await openai.chat.completions.create({
    model: 'gpt-4o-mini',
    max_tokens: 400,
    messages: [
      { role: 'system', content: 'Answer with one SQL query over the table feedback(text, rating, created_at).' },
      { role: 'user', content: body.data.question },
    ],
  });
  const rows = await runReport(completion.choices[0]?.message.content ?? '');
  return NextResponse.json(rows);
}
