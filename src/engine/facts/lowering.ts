import type { ClassFact, DependencyFact, ExportFact, FunctionFact, ImportFact, Pos, TypeDecl } from '../model/facts.ts';
import type { ts } from '../syntax/ts.ts';

/** What the lowering of one file collects. */
export interface Lowering {
  readonly sourceFile: ts.SourceFile;
  readonly text: string;
  readonly functions: FunctionFact[];
  readonly classes: ClassFact[];
  readonly imports: ImportFact[];
  readonly exports: ExportFact[];
  readonly dependencies: DependencyFact[];
  readonly types: TypeDecl[];
  /** Module-level names that code refers to: an import without one is erased by the compiler. */
  readonly used: Set<string>;
  /** Depth of functions and conditional blocks: 0 at the module's top level. */
  nesting: number;
  pos(node: ts.Node): Pos;
}

export function createLowering(sourceFile: ts.SourceFile, text: string): Lowering {
  return {
    sourceFile,
    text,
    functions: [],
    classes: [],
    imports: [],
    exports: [],
    dependencies: [],
    types: [],
    used: new Set(),
    nesting: 0,
    pos: node => [startOf(node, sourceFile, text), node.end],
  };
}

const SPACE = 32;
/** First characters that may begin trivia (comments, conflict markers, a shebang), and `*`. */
const DOUBTFUL = new Set(['/', '#', '<', '=', '>', '|', '*'].map(one => one.charCodeAt(0)));

/** Where a node's first token starts: what `getStart` says, which looks at far more than blanks before an ASCII token. */
function startOf(node: ts.Node, sourceFile: ts.SourceFile, text: string): number {
  let at = node.pos;
  let first = text.charCodeAt(at);
  while (first === SPACE || (first > 8 && first < 14)) first = text.charCodeAt(++at);
  return first < 127 && at < node.end && !DOUBTFUL.has(first) ? at : node.getStart(sourceFile);
}
