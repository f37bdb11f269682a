import { GLOBAL } from '../model/facts.ts';
import { ts } from '../syntax/ts.ts';

/**
 * Lexical scopes of one file. A name that is declared again in another block of the same function gets a suffix
 * (`x@2`), so that within a function a name means one binding.
 */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly fn: number;
  readonly names: Map<string, string>;
  /** Names handed out so far in this function, shared by its blocks. */
  readonly used: Map<string, number>;
}

export function functionScope(parent: Scope | undefined, fn: number): Scope {
  return { parent, fn, names: new Map(), used: new Map() };
}

export function blockScope(parent: Scope): Scope {
  return { parent, fn: parent.fn, names: new Map(), used: parent.used };
}

export function declare(scope: Scope, name: string): string {
  const known = scope.names.get(name);
  if (known !== undefined) return known;
  const count = (scope.used.get(name) ?? 0) + 1;
  scope.used.set(name, count);
  const unique = count === 1 ? name : `${name}@${count}`;
  scope.names.set(name, unique);
  return unique;
}

/** The binding a name refers to: its unique name and declaring function, or GLOBAL. */
export function resolve(scope: Scope, name: string): { n: string; s: number } {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const unique = at.names.get(name);
    if (unique !== undefined) return { n: unique, s: at.fn };
  }
  return { n: name, s: GLOBAL };
}

/** Declares what a list of statements binds in its own block: `let`, `const`, classes, functions, imports, enums. */
export function declareBlock(scope: Scope, statements: readonly ts.Statement[]): void {
  for (const statement of statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) declarePattern(scope, name);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    ) {
      if (statement.name) declare(scope, statement.name.text);
    } else if (ts.isImportDeclaration(statement)) {
      declareImports(scope, statement);
    } else if (ts.isImportEqualsDeclaration(statement)) {
      declare(scope, statement.name.text);
    } else if (ts.isLabeledStatement(statement)) {
      declareBlock(scope, [statement.statement]);
    }
  }
}

/** Declares `var`s of nested blocks in the function they hoist to. Stops at functions, classes and expressions. */
export function declareHoisted(scope: Scope, node: ts.Node): void {
  const visit = (child: ts.Node): void => {
    if (child.kind === ts.SyntaxKind.VariableDeclarationList) {
      if (child.flags & ts.NodeFlags.BlockScoped) return;
      for (const { name } of (child as ts.VariableDeclarationList).declarations) declarePattern(scope, name);
    } else if (HOLDERS.has(child.kind)) {
      ts.forEachChild(child, visit);
    }
  };
  ts.forEachChild(node, visit);
}

/** What a `var` can stand in without leaving its function. */
const HOLDERS = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.VariableStatement,
  ts.SyntaxKind.Block,
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.TryStatement,
  ts.SyntaxKind.CatchClause,
  ts.SyntaxKind.SwitchStatement,
  ts.SyntaxKind.CaseBlock,
  ts.SyntaxKind.CaseClause,
  ts.SyntaxKind.DefaultClause,
  ts.SyntaxKind.LabeledStatement,
  ts.SyntaxKind.WithStatement,
]);

export function declarePattern(scope: Scope, name: ts.BindingName): void {
  if (ts.isIdentifier(name)) declare(scope, name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) declarePattern(scope, element.name);
}

function declareImports(scope: Scope, { importClause }: ts.ImportDeclaration): void {
  if (!importClause) return;
  if (importClause.name) declare(scope, importClause.name.text);
  const bindings = importClause.namedBindings;
  if (!bindings) return;
  if (ts.isNamespaceImport(bindings)) declare(scope, bindings.name.text);
  else for (const element of bindings.elements) declare(scope, element.name.text);
}
