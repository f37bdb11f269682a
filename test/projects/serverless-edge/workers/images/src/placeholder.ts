import { readFileSync } from 'node:fs';

export function placeholder(): string {
  return readFileSync('./placeholder.svg', 'utf8');
}
