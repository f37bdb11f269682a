import fs from 'node:fs';
import path from 'node:path';

const BLOCK = 512;

/** Unpacks the files, folders and links of an uncompressed POSIX tar archive. */
export function untar(archive: Buffer, target: string): void {
  for (let offset = 0; offset + BLOCK <= archive.length && archive[offset] !== 0; ) {
    const field = (start: number, length: number) =>
      archive.toString('utf8', offset + start, offset + start + length).replace(/\0.*$/s, '');
    const name = [field(345, 155), field(0, 100)].filter(Boolean).join('/');
    const size = Number.parseInt(field(124, 12).trim() || '0', 8);
    const mode = Number.parseInt(field(100, 8), 8);
    const type = field(156, 1);
    const file = path.join(target, name);
    const start = offset + BLOCK;
    fs.mkdirSync(type === '5' ? file : path.dirname(file), { recursive: true });
    if (type === '2') {
      fs.rmSync(file, { force: true });
      fs.symlinkSync(field(157, 100), file);
    } else if (type === '0' || type === '') {
      fs.writeFileSync(file, archive.subarray(start, start + size), { mode: mode | 0o400 });
    }
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}
