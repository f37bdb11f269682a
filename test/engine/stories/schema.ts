/** What the stories check bodies against. */
export const SCHEMA = `import { z } from 'zod';\nexport const Order = z.object({ item: z.string() });\n`;
