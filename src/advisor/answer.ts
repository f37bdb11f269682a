import { z } from 'zod';
import { jsonObjects } from './json.ts';

const Answer = z.object({
  summary: z.string(),
  edits: z.array(z.object({ file: z.string(), find: z.string(), replace: z.string() })),
  newFiles: z.array(z.object({ file: z.string(), text: z.string() })),
  notes: z.string(),
});
const Tolerant = Answer.partial({ summary: true, newFiles: true, notes: true });

/** What a model answers: a draft, not yet a change. */
export type Draft = z.infer<typeof Answer>;

/** For endpoints that can be asked for structured output. */
export const ANSWER_SCHEMA: Readonly<Record<string, unknown>> = jsonSchema();

/** The first object in the answer that has the agreed form. */
export function parseAnswer(text: string): Draft | undefined {
  for (const value of jsonObjects(text)) {
    const { data } = Tolerant.safeParse(value);
    if (data) {
      return {
        summary: data.summary ?? '',
        edits: data.edits,
        newFiles: data.newFiles ?? [],
        notes: data.notes ?? '',
      };
    }
  }
  return undefined;
}

function jsonSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(Answer);
  return schema;
}
