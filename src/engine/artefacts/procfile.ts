import type { ProcfileFacts } from '../model/artefacts/project.ts';
import { type ArtefactReader, baseName } from './reader.ts';

export const procfile: ArtefactReader<'procfile'> = {
  kind: 'procfile',

  matches: path => /^Procfile(?:\.[\w-]+)?$/.test(baseName(path)),

  read(_path, text) {
    const processes: ProcfileFacts['processes'][number][] = [];
    for (const match of text.matchAll(/^[^\S\r\n]*([\w-]+)[^\S\r\n]*:[^\S\r\n]*(\S[^\r\n]*)/gm)) {
      const [whole, name = '', raw = ''] = match;
      const command = raw.trimEnd();
      const nameStart = match.index + whole.indexOf(name);
      const start = match.index + whole.length - raw.length;
      processes.push({
        name: { value: name, start: nameStart, end: nameStart + name.length },
        command: { value: command, start, end: start + command.length },
      });
    }
    return { kind: 'procfile', problems: [], processes };
  },
};
