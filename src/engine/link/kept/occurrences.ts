/** How often a text is a value in facts: as a name, or as anything else. */
export function occurrences(facts: unknown, text: string): number {
  if (facts === text) return 1;
  if (typeof facts !== 'object' || facts === null) return 0;
  let count = 0;
  for (const one of Object.values(facts)) count += occurrences(one, text);
  return count;
}
