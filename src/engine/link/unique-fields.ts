import type { Model } from './model.ts';
import type { Operation } from './operations.ts';

/** Fields of the record that a query is about of which each value belongs to one record at most. */
export type UniqueFields = (operation: Operation) => ReadonlySet<string>;

const ASSUMED: ReadonlySet<string> = new Set(['id']);

/** Unique fields as the Prisma schemas have them; what no schema tells of has an `id`. */
export function uniqueFields({ project }: Pick<Model, 'project'>): UniqueFields {
  const models = new Map<string, ReadonlySet<string>>();
  for (const { facts } of project.artefactsOf('prisma'))
    for (const { name, fields } of facts.models) {
      const own = fields.filter(({ id, unique }) => id || unique).map(field => field.name.value);
      const key = name.value.toLowerCase();
      models.set(key, new Set([...(models.get(key) ?? []), ...own]));
    }
  return ({ is }) => models.get(String(is['model']).toLowerCase()) ?? ASSUMED;
}
