import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../engine/model/finding.ts';
import { codeOf } from './discover.ts';

const SNIFF_BYTES = 8192;

export interface FileText {
  readonly text?: string;
  readonly problem?: Problem;
}

/** Reads one file as text; binary and unreadable ones come back as a problem, odd encodings as both. */
export function readText(root: string, path: string): FileText {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(root, path));
  } catch (error) {
    const gone = codeOf(error) === 'ENOENT';
    return gone
      ? {}
      : {
          problem: {
            code: 'file-unreadable',
            message: `The file cannot be read (${codeOf(error)}).`,
            file: path,
            incomplete: true,
          },
        };
  }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString('utf16le') };
  if (bytes.subarray(0, SNIFF_BYTES).includes(0)) {
    return {
      problem: { code: 'file-binary', message: 'The file is not text and was skipped.', file: path, incomplete: false },
    };
  }
  const text = bytes.toString('utf8');
  if (!text.includes('\uFFFD') || isUtf8(bytes)) return { text };
  const message = 'The file is not valid UTF-8; what could not be decoded counts as unknown characters.';
  return { text, problem: { code: 'invalid-encoding', message, file: path, incomplete: false } };
}
