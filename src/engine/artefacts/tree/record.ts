/** Builds a fact and leaves out what is undefined, so that facts survive JSON unchanged. */
export function record<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) result[key] = value;
  return result as T;
}

/** Maps a list and leaves out what has no result. */
export function collect<T, R>(list: readonly T[], convert: (item: T) => R | undefined): R[] {
  const result: R[] = [];
  for (const item of list) {
    const converted = convert(item);
    if (converted !== undefined) result.push(converted);
  }
  return result;
}
