/** Whether SQL text that ends here goes on with a name or a keyword, where placeholders do not work. */
export function isNamePosition(before: string): boolean {
  const text = before.replaceAll('\0', '?').trimEnd();
  if (/["'`]$/.test(text) && !/(?:from|join|into|update|table|by)\s+["`]$/i.test(text)) return false;
  return (
    /(?:\border\s+by|\bgroup\s+by|\bfrom|\bjoin|\binto|\bupdate|\btable|\bdatabase|\bschema|\bselect|\bset)(?:\s+["`]|\s+[\w.?, ]+,)?$/i.test(
      text,
    ) || /\border\s+by\s+[\w."`?]+$/i.test(text)
  );
}

/** Whether a value stands here, so that a placeholder can take its place. */
export function isValuePosition(before: string): boolean {
  return /(?:[=<>]|\blike|\bilike|\bbetween|\bvalues\s*\((?:[^()]*,)?)\s*$/i.test(before);
}
