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
    pos: node => [node.getStart(sourceFile), node.end],
  };
}
