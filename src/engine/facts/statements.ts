import { MODULE, type Stmt } from '../model/facts.ts';
import { ts } from '../syntax/ts.ts';
import { lowerExpr, lowerPattern } from './expressions.ts';
import { lowerClass, lowerFunction } from './functions.ts';
import type { Lowering } from './lowering.ts';
import { blockScope, declareBlock, declarePattern, resolve, type Scope } from './scope.ts';
import { lowerType } from './types.ts';

/** Lowers the statements of a block whose names are already declared in `scope`. */
export function lowerStatements(ctx: Lowering, scope: Scope, statements: readonly ts.Statement[]): Stmt[] {
  const out: Stmt[] = [];
  for (const statement of statements) lowerStatement(ctx, scope, statement, out);
  return out;
}

/** `export default function () {}` is bound in the module under that name. */
function declared(scope: Scope, name: ts.Identifier | undefined): { n: string; s: number } {
  return name ? resolve(scope, name.text) : { n: 'default', s: MODULE };
}

function lowerStatement(ctx: Lowering, scope: Scope, node: ts.Statement, out: Stmt[]): void {
  const p = ctx.pos(node);
  const go = (expression: ts.Expression) => lowerExpr(ctx, scope, expression);
  if (ts.isVariableStatement(node)) {
    declarations(ctx, scope, node.declarationList, out);
  } else if (ts.isExpressionStatement(node)) {
    out.push({ k: 'expr', e: go(node.expression), p });
  } else if (ts.isReturnStatement(node)) {
    out.push({ k: 'ret', ...(node.expression ? { e: go(node.expression) } : {}), p });
  } else if (ts.isThrowStatement(node)) {
    out.push({ k: 'throw', e: go(node.expression), p });
  } else if (ts.isIfStatement(node)) {
    const t = go(node.expression);
    const b = node.elseStatement && branch(ctx, scope, node.elseStatement);
    out.push({ k: 'if', t, a: branch(ctx, scope, node.thenStatement), ...(b ? { b } : {}), p });
  } else if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
    out.push(forEach(ctx, scope, node));
  } else if (ts.isForStatement(node)) {
    out.push(forLoop(ctx, scope, node));
  } else if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
    out.push({
      k: 'loop',
      kind: ts.isDoStatement(node) ? 'do' : 'while',
      t: go(node.expression),
      body: branch(ctx, scope, node.statement),
      p,
    });
  } else if (ts.isTryStatement(node)) {
    out.push(tryStatement(ctx, scope, node));
  } else if (ts.isSwitchStatement(node)) {
    const inner = blockScope(scope);
    for (const clause of node.caseBlock.clauses) declareBlock(inner, clause.statements);
    const cases = nested(ctx, () =>
      node.caseBlock.clauses.map(clause => ({
        ...(ts.isCaseClause(clause) ? { t: lowerExpr(ctx, inner, clause.expression) } : {}),
        body: lowerStatements(ctx, inner, clause.statements),
      })),
    );
    out.push({ k: 'switch', e: go(node.expression), cases, p });
  } else if (ts.isBlock(node)) {
    out.push({ k: 'block', body: block(ctx, scope, node.statements), p });
  } else if (ts.isFunctionDeclaration(node)) {
    if (!node.body) return;
    const name = node.name?.text ?? 'default';
    out.push({ k: 'fndecl', ...declared(scope, node.name), f: lowerFunction(ctx, scope, node, name), p });
  } else if (ts.isClassDeclaration(node)) {
    const name = node.name?.text ?? 'default';
    out.push({ k: 'classdecl', ...declared(scope, node.name), c: lowerClass(ctx, scope, node, name), p });
  } else if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) {
    out.push({ k: 'jump', kind: ts.isBreakStatement(node) ? 'break' : 'continue', p });
  } else if (ts.isLabeledStatement(node)) {
    lowerStatement(ctx, scope, node.statement, out);
  } else if (ts.isExportAssignment(node)) {
    // The module walk records the export; its expression belongs to the body, so that calls in it are seen.
    return;
  }
}

function declarations(ctx: Lowering, scope: Scope, list: ts.VariableDeclarationList, out: Stmt[]): void {
  const kind =
    list.flags & ts.NodeFlags.Const
      ? 'const'
      : list.flags & ts.NodeFlags.Let
        ? 'let'
        : list.flags & ts.NodeFlags.Using
          ? 'using'
          : 'var';
  for (const declaration of list.declarations) {
    const hint = ts.isIdentifier(declaration.name) ? declaration.name.text : '';
    out.push({
      k: 'let',
      kind,
      pat: lowerPattern(ctx, scope, declaration.name),
      ...(declaration.initializer ? { v: lowerExpr(ctx, scope, declaration.initializer, hint) } : {}),
      ...(declaration.type ? { t: lowerType(ctx, declaration.type) } : {}),
      p: ctx.pos(declaration),
    });
  }
}

function forEach(ctx: Lowering, scope: Scope, node: ts.ForOfStatement | ts.ForInStatement): Stmt {
  const inner = blockScope(scope);
  const list = ts.isVariableDeclarationList(node.initializer) ? node.initializer : undefined;
  const name = list?.declarations[0]?.name;
  if (name && list.flags & ts.NodeFlags.BlockScoped) declarePattern(inner, name);
  const of = lowerExpr(ctx, scope, node.expression);
  return {
    k: 'loop',
    kind: ts.isForOfStatement(node) ? 'of' : 'in',
    ...(name ? { pat: lowerPattern(ctx, inner, name) } : {}),
    of,
    ...(ts.isForOfStatement(node) && node.awaitModifier ? { await: true as const } : {}),
    body: branch(ctx, inner, node.statement),
    p: ctx.pos(node),
  };
}

function forLoop(ctx: Lowering, scope: Scope, node: ts.ForStatement): Stmt {
  const inner = blockScope(scope);
  const init: Stmt[] = [];
  if (node.initializer && ts.isVariableDeclarationList(node.initializer)) {
    if (node.initializer.flags & ts.NodeFlags.BlockScoped)
      for (const { name } of node.initializer.declarations) declarePattern(inner, name);
    declarations(ctx, inner, node.initializer, init);
  } else if (node.initializer) {
    const e = lowerExpr(ctx, inner, node.initializer as ts.Expression);
    init.push({ k: 'expr', e, p: e.p });
  }
  return {
    k: 'loop',
    kind: 'for',
    ...(init.length ? { init } : {}),
    ...(node.condition ? { t: lowerExpr(ctx, inner, node.condition) } : {}),
    ...(node.incrementor ? { step: lowerExpr(ctx, inner, node.incrementor) } : {}),
    body: branch(ctx, inner, node.statement),
    p: ctx.pos(node),
  };
}

function tryStatement(ctx: Lowering, scope: Scope, node: ts.TryStatement): Stmt {
  const body = block(ctx, scope, node.tryBlock.statements);
  const { catchClause, finallyBlock } = node;
  const inner = blockScope(scope);
  const name = catchClause?.variableDeclaration?.name;
  if (name) declarePattern(inner, name);
  const handlerText = catchClause ? ctx.text.slice(catchClause.block.pos, catchClause.block.end) : '';
  return {
    k: 'try',
    body,
    ...(name ? { param: lowerPattern(ctx, inner, name) } : {}),
    ...(catchClause
      ? {
          handler: block(ctx, inner, catchClause.block.statements),
          handlerPos: [ctx.pos(catchClause)[0], ctx.pos(catchClause)[0] + 'catch'.length] as const,
        }
      : {}),
    ...(/\/\/|\/\*/.test(handlerText) ? { commented: true as const } : {}),
    ...(finallyBlock ? { fin: block(ctx, scope, finallyBlock.statements) } : {}),
    p: ctx.pos(node),
  };
}

/** The body of a branch or loop: a block, or a single statement in a scope of its own. */
function branch(ctx: Lowering, scope: Scope, node: ts.Statement): Stmt[] {
  return block(ctx, scope, ts.isBlock(node) ? node.statements : [node]);
}

function block(ctx: Lowering, scope: Scope, statements: readonly ts.Statement[]): Stmt[] {
  const inner = blockScope(scope);
  // `var` was declared by the function; declaring it here would give the block a binding of its own.
  declareBlock(
    inner,
    statements.filter(statement => !isVar(statement)),
  );
  return nested(ctx, () => lowerStatements(ctx, inner, statements));
}

function isVar(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) && !(statement.declarationList.flags & ts.NodeFlags.BlockScoped);
}

function nested<T>(ctx: Lowering, run: () => T): T {
  ctx.nesting++;
  const result = run();
  ctx.nesting--;
  return result;
}
