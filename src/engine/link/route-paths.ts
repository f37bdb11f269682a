/** Whether something holds for a route, whatever its parameters are; undefined where that depends on them. */
export type Meets = boolean | undefined;

export function comparesPath(path: string, text: string): Meets {
  const start = fixed(path);
  if (start === path) return trimmed(path) === trimmed(text);
  return text.startsWith(start) ? undefined : false;
}

export function startsPath(path: string, text: string): Meets {
  const start = fixed(path);
  if (start.startsWith(text) || (start === path && `${path}/` === text)) return true;
  return start === path || !text.startsWith(start) ? false : undefined;
}

/** The start of a route's path that no parameter changes. */
function fixed(path: string): string {
  return /^[^:*{]*/.exec(path)![0];
}

function trimmed(path: string): string {
  return path.replace(/(.)\/$/, '$1');
}
