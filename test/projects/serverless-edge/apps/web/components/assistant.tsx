'use client';

import OpenAI from 'openai';
import { useState } from 'react';

const openai = new OpenAI({ apiKey: process.env.NEXT_PUBLIC_OPENAI_API_KEY, dangerouslyAllowBrowser: true });

export function Assistant() {
  const [answer, setAnswer] = useState('');
  async function ask(question: string) {
    const completion = await openai.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: question }],
    });
    setAnswer(completion.choices[0]?.message.content ?? '');
  }
  return (
    <form action={data => ask(String(data.get('question')))}>
      <input name="question" />
      <p>{answer}</p>
    </form>
  );
}
