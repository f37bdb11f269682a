import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { lineIndex } from '../../common/line-index.ts';
import type { Problem } from '../model/finding.ts';
import type { Config } from './config.ts';
import { configSchema } from './schema.ts';
import { type Complaint, closest, validate } from './validate.ts';

/**
 * Reads one `underpin.config.jsonc` (comments and trailing commas allowed). Strict: anything unknown is a problem
 * with its place, and then no setting of the file counts. `ruleIds`, if given, are all ids that exist.
 */
export function parseConfig(
  file: string,
  text: string,
  ruleIds?: ReadonlySet<string>,
): { config?: Config; problems: Problem[] } {
  const source = text.replace(/^\uFEFF/, ' ');
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true, disallowComments: false });
  const complaints = !root || errors.length > 0 ? syntaxComplaints(root ? errors : []) : check(root, ruleIds);
  if (complaints.length === 0 && root) {
    // The parser's objects have no prototype; plain ones are what everybody else expects.
    return { config: JSON.parse(JSON.stringify(getNodeValue(root))) as Config, problems: [] };
  }

  const lines = lineIndex(source);
  return {
    problems: complaints.map(({ offset, path, message }) => {
      const { line, character } = lines.positionAt(offset);
      const subject = path === '' ? '' : `"${path}" `;
      return {
        code: 'invalid-config',
        message: `${file}:${line + 1}:${character + 1} ${subject}${message}${message.endsWith('?') ? '' : '.'}`,
        file,
        incomplete: false,
      };
    }),
  };
}

function syntaxComplaints(errors: readonly ParseError[]): Complaint[] {
  const [first] = errors;
  if (!first) return [{ offset: 0, path: '', message: 'is empty; write at least {}' }];
  // Later errors are usually echoes of the first.
  const name = printParseErrorCode(first.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return [{ offset: first.offset, path: '', message: `is not valid JSON with comments: ${name}` }];
}

function check(root: Node, ruleIds: ReadonlySet<string> | undefined): Complaint[] {
  const found = validate(root, configSchema);
  return found.length > 0 || !ruleIds ? found : unknownRules(root, ruleIds);
}

function unknownRules(root: Node, ruleIds: ReadonlySet<string>): Complaint[] {
  const found: Complaint[] = [];
  const overrides = childOf(root, 'overrides')?.children ?? [];
  for (const owner of [root, ...overrides]) {
    for (const property of childOf(owner, 'rules')?.children ?? []) {
      const key = property.children?.[0];
      if (!key || ruleIds.has(String(key.value))) continue;
      const near = closest(String(key.value), [...ruleIds]);
      const message = near === undefined ? 'is not a known rule' : `is not a known rule; did you mean "${near}"?`;
      found.push({ offset: key.offset, path: String(key.value), message });
    }
  }
  return found.sort((left, right) => left.offset - right.offset);
}

function childOf(node: Node, key: string): Node | undefined {
  return node.children?.find(property => property.children?.[0]?.value === key)?.children?.[1];
}
