/**
 * One neutral tree for YAML, JSON, JSONC and TOML. Every node carries its half-open range of UTF-16 offsets in the file;
 * a scalar's range covers the whole token including quotes, while its `value` is decoded.
 */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A value and the place that states it; the range covers the whole token including quotes. */
export interface Located<T = string> extends TextRange {
  readonly value: T;
}

/**
 * A setting that the text states. `null` means: stated, but not statically known (a custom tag such as `!Ref`) or not of
 * the expected type. A setting that the text does not state is absent, never `null`.
 */
export type Setting<T extends string | number | boolean = string> = Located<T | null>;

export interface NamedSetting {
  readonly name: Located;
  readonly value: Setting;
}

export interface ScalarNode extends TextRange {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** A custom tag such as `!Ref`: the value is computed elsewhere and counts as unknown. */
  readonly tag?: string;
}

export interface MapEntry {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: DocumentNode;
}

export interface MapNode extends TextRange {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  readonly tag?: string;
}

export interface ListNode extends TextRange {
  readonly kind: 'list';
  readonly items: readonly DocumentNode[];
  readonly tag?: string;
}

export type DocumentNode = ScalarNode | MapNode | ListNode;

/** Follows keys and list indexes; the last entry of a repeated key wins. */
export function get(node: DocumentNode | undefined, ...path: readonly (string | number)[]): DocumentNode | undefined {
  let current = node;
  for (const step of path) {
    if (typeof step === 'number') current = current?.kind === 'list' ? current.items[step] : undefined;
    else current = entry(current, step)?.value;
    if (!current) return undefined;
  }
  return current;
}

export function entry(node: DocumentNode | undefined, key: string): MapEntry | undefined {
  if (node?.kind !== 'map') return undefined;
  for (let i = node.entries.length - 1; i >= 0; i--) if (node.entries[i]!.key === key) return node.entries[i];
  return undefined;
}

export function entries(node: DocumentNode | undefined): readonly MapEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

export function items(node: DocumentNode | undefined): readonly DocumentNode[] {
  return node?.kind === 'list' ? node.items : [];
}

export function asString(node: DocumentNode | undefined): string | undefined {
  return node?.kind === 'scalar' && !node.tag && typeof node.value === 'string' ? node.value : undefined;
}

export function asNumber(node: DocumentNode | undefined): number | undefined {
  return node?.kind === 'scalar' && !node.tag && typeof node.value === 'number' ? node.value : undefined;
}

export function asBoolean(node: DocumentNode | undefined): boolean | undefined {
  return node?.kind === 'scalar' && !node.tag && typeof node.value === 'boolean' ? node.value : undefined;
}

/** A string setting; numbers and booleans count as their text. */
export function textSetting(node: DocumentNode | undefined): Setting | undefined {
  return toSetting(node, value => String(value));
}

/** A number setting; a quoted whole number counts. */
export function numberSetting(node: DocumentNode | undefined): Setting<number> | undefined {
  return toSetting(node, value => {
    if (typeof value === 'number') return value;
    return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null;
  });
}

export function booleanSetting(node: DocumentNode | undefined): Setting<boolean> | undefined {
  return toSetting(node, value => {
    if (typeof value === 'boolean') return value;
    return value === 'true' ? true : value === 'false' ? false : null;
  });
}

/** A number, or a name (ports); a quoted whole number counts as the number. */
export function numberOrTextSetting(node: DocumentNode | undefined): Setting<number | string> | undefined {
  return toSetting(node, value => {
    if (typeof value === 'string') return /^\d{1,15}$/.test(value) ? Number(value) : value;
    return typeof value === 'number' ? value : null;
  });
}

/** The settings of a list, or the one setting if the node is a scalar. */
export function textSettings(node: DocumentNode | undefined): Setting[] {
  const nodes = node?.kind === 'list' ? node.items : node ? [node] : [];
  return nodes.map(textSetting).filter(setting => setting !== undefined);
}

/** The entries of a map as names with settings; nested maps and lists count as unknown, an explicit null as ''. */
export function namedSettings(node: DocumentNode | undefined): NamedSetting[] {
  return entries(node).map(item => ({
    name: keyOf(item),
    value: textSetting(item.value) ?? { value: '', start: item.value.start, end: item.value.end },
  }));
}

export function keyOf(item: MapEntry): Located {
  return { value: item.key, start: item.keyStart, end: item.keyEnd };
}

export function rangeOf(range: TextRange): TextRange {
  return { start: range.start, end: range.end };
}

/** Whether a setting is stated and free of placeholders of shells, compose, serverless, Helm, GitHub or CI tools. */
export function isLiteral(setting: { readonly value: unknown } | undefined): boolean {
  if (!setting || setting.value === null) return false;
  return typeof setting.value !== 'string' || !/\$\{|\$\(|\{\{|\$[A-Za-z_]|<[A-Z_ ]+>|%[A-Z_]+%/.test(setting.value);
}

/** Calls `visit` for the node and everything below it, parents first. */
export function each(
  node: DocumentNode | undefined,
  visit: (node: DocumentNode, path: readonly (string | number)[]) => void,
): void {
  const walk = (current: DocumentNode, path: readonly (string | number)[]): void => {
    visit(current, path);
    if (current.kind === 'map') for (const item of current.entries) walk(item.value, [...path, item.key]);
    else if (current.kind === 'list') for (const [i, item] of current.items.entries()) walk(item, [...path, i]);
  };
  if (node) walk(node, []);
}

/** The plain value of a node; maps have no prototype, so that no key of a file can reach one. */
export function toPlain(node: DocumentNode | undefined): unknown {
  if (!node) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  const plain: Record<string, unknown> = Object.create(null);
  for (const item of node.entries) plain[item.key] = toPlain(item.value);
  return plain;
}

function toSetting<T extends string | number | boolean>(
  node: DocumentNode | undefined,
  convert: (value: string | number | boolean) => T | null,
): Setting<T> | undefined {
  if (!node) return undefined;
  const { start, end } = node;
  if (node.tag || node.kind !== 'scalar') return { value: null, start, end };
  return node.value === null ? undefined : { value: convert(node.value), start, end };
}
