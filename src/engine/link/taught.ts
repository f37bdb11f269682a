import { folderOf } from '../../common/path.ts';
import type { ModelSettings } from './settings.ts';
import type { Value } from './values.ts';

/** Keys of the settings that name functions. */
export type Dictionary = 'guards' | 'validators' | 'limiters';

/** Whether the project's settings name this value in one of their dictionaries. */
export function isTaught(settings: ModelSettings, kind: Dictionary, value: Value, called?: string): boolean {
  const file = fileOf(value);
  const entries = settings.configOf(file === undefined ? '' : folderOf(file))[kind];
  // Asked of every step of every route, and seldom set.
  const own = entries && symbolOf(value, called);
  if (!own) return false;
  for (const entry of entries) {
    const [, path, symbol] = /^(?:(.+)#)?([^#]+)$/.exec(entry) ?? [];
    if (symbol === own.name && (path === undefined || path === own.file)) return true;
  }
  return false;
}

/** How the settings would name a value: `src/auth.ts#requireUser`, or the bare name of what a package exports. */
export function teachableName(value: Value, called?: string): string | undefined {
  const own = symbolOf(value, called);
  return own && (own.file === undefined ? own.name : `${own.file}#${own.name}`);
}

function fileOf(value: Value): string | undefined {
  if (value.k === 'instance') return value.of.file;
  return value.k === 'func' || value.k === 'class' ? value.file : undefined;
}

interface Symbol {
  /** Workspace-relative path of the declaration; undefined for what packages give. */
  readonly file: string | undefined;
  readonly name: string;
}

function symbolOf(value: Value, called?: string): Symbol | undefined {
  switch (value.k) {
    case 'func': {
      // What a factory returns has no name of its own: `requireRole('admin')` is known as `requireRole`.
      const { fn } = value.env;
      const name = value.fn.name || (value.env.parent && !value.env.isStatic ? fn.name : '');
      return name ? { file: value.file, name } : undefined;
    }
    case 'class':
      return { file: value.file, name: value.cls.name };
    case 'instance':
      return symbolOf(value.of);
    case 'api': {
      const name = /([\w$-]+)(?:\(\))*$/.exec(value.path)?.[1];
      return name ? { file: undefined, name } : undefined;
    }
    default:
      return called ? { file: undefined, name: called } : undefined;
  }
}
