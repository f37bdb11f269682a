/** Places where an object may begin that are tried before giving up. */
const MAX_STARTS = 40;

/** The JSON objects in a model's answer, in order: bare, fenced, or with prose around; small slips are forgiven. */
export function* jsonObjects(answer: string): Generator<unknown> {
  // Some models think aloud first.
  const text = answer.slice(Math.max(0, answer.lastIndexOf('</think>')));
  let from = 0;
  for (let tries = 0; tries < MAX_STARTS; tries++) {
    const start = text.indexOf('{', from);
    if (start < 0) return;
    const end = endOfObject(text, start);
    const value = end === undefined ? undefined : parse(text.slice(start, end));
    from = value === undefined || end === undefined ? start + 1 : end;
    if (value !== undefined) yield value;
  }
}

/** Offset after the brace that closes the one at `start`. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(repaired(text));
    } catch {
      return undefined;
    }
  }
}

/** Escapes raw line breaks and tabs inside strings and drops commas before a closing bracket. */
function repaired(text: string): string {
  let result = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quoted && character === '\\') result += character + (text[++at] ?? '');
    else if (quoted && character === '\n') result += '\\n';
    else if (quoted && character === '\r') result += '\\r';
    else if (quoted && character === '\t') result += '\\t';
    else if (!quoted && character === ',' && /^\s*[}\]]/.test(text.slice(at + 1, at + 200))) continue;
    else {
      if (character === '"') quoted = !quoted;
      result += character;
    }
  }
  return result;
}
