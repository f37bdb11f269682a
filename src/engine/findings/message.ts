const LONGEST_VALUE = 80;

/**
 * Fills `{name}` places of a message. Values come from the user's code, so white space and control characters
 * collapse to one space, long values are cut, and braces inside a value are not filled again.
 */
export function formatMessage(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? place : toOneLine(String(value));
  });
}

function toOneLine(value: string): string {
  const line = value.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  const letters = Array.from(line);
  return letters.length > LONGEST_VALUE ? `${letters.slice(0, LONGEST_VALUE - 1).join('')}…` : line;
}
