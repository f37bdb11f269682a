/** How often a text is a value in facts: as a name, or as anything else. */
export function occurrences(facts: unknown, text: string): number {
  if (facts === text) return 1;
  if (typeof facts !== 'object' || facts === null) return 0;
  let count = 0;
  for (const one of Object.values(facts)) count += occurrences(one, text);
  // The body of a function that is watched is an accessor.
  if ('body' in facts && !Object.hasOwn(facts, 'body')) count += occurrences(facts.body, text);
  return count;
}
