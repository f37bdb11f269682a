import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
export const dist = path.join(root, 'dist');
export const out = path.join(root, 'out');
export const vsix = path.join(out, 'underpin.vsix');

/** Paths given on the command line are meant from where the user called npm. */
export function fromCaller(file: string): string {
  return path.resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
}
