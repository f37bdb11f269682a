/** Characters of code per token in common vocabularies, a little on the safe side. */
const CHARACTERS_PER_TOKEN = 3.6;

/** Estimates tokens without a vocabulary: characters outside ASCII count as one token each. */
export function estimateTokens(text: string): number {
  let ascii = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) < 128) ascii++;
  return Math.ceil(ascii / CHARACTERS_PER_TOKEN) + (text.length - ascii);
}

/** The longest beginning of a text, in whole lines, that fits; says so where it was cut. */
export function clipToTokens(text: string, tokens: number): string {
  if (estimateTokens(text) <= tokens) return text;
  const mark = '\n[shortened]';
  let used = estimateTokens(mark);
  let result = '';
  for (const line of text.split('\n')) {
    used += estimateTokens(`${line}\n`);
    if (used > tokens) break;
    result += `${line}\n`;
  }
  return result && result.trimEnd() + mark;
}

/** Cuts one line of prose. */
export function clip(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
