import type { ClassMember, Decorator, FunctionFact, Param, Pos } from '../model/facts.ts';
import { ts } from '../syntax/ts.ts';
import { lowerExpr, lowerPattern, propertyKey } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import {
  blockScope,
  declare,
  declareBlock,
  declareHoisted,
  declarePattern,
  functionScope,
  type Scope,
} from './scope.ts';
import { lowerStatements } from './statements.ts';
import { lowerType } from './types.ts';

type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.AccessorDeclaration;

/** Lowers a function and everything in it; returns its number in the file. */
export function lowerFunction(ctx: Lowering, outer: Scope, node: FunctionNode, hint: string, cls?: number): number {
  const id = ctx.functions.length;
  ctx.functions.push(undefined as unknown as FunctionFact);
  const scope = functionScope(outer, id);
  if (ts.isFunctionExpression(node) && node.name) declare(scope, node.name.text);
  for (const { name } of node.parameters) declarePattern(scope, name);
  ctx.nesting++;
  const params = node.parameters.map(parameter => lowerParam(ctx, scope, parameter));
  const body = node.body;
  let statements: FunctionFact['body'] = [];
  if (body && ts.isBlock(body)) {
    declareHoisted(scope, body);
    declareBlock(scope, body.statements);
    statements = lowerStatements(ctx, scope, body.statements);
  } else if (body) {
    statements = [{ k: 'ret', e: lowerExpr(ctx, scope, body), p: ctx.pos(body) }];
  }
  ctx.nesting--;
  const directives = body && ts.isBlock(body) ? directivesOf(body.statements) : [];
  const returnType = node.type;
  ctx.functions[id] = {
    id,
    parent: outer.fn,
    kind: kindOf(node),
    name: functionName(node, hint),
    ...(cls === undefined ? {} : { cls }),
    params,
    ...(returnType ? { ret: lowerType(ctx, returnType) } : {}),
    ...(hasModifier(node, ts.SyntaxKind.AsyncKeyword) ? { async: true as const } : {}),
    ...('asteriskToken' in node && node.asteriskToken ? { generator: true as const } : {}),
    ...(directives.length ? { directives } : {}),
    body: statements,
    p: ctx.pos(node),
    np: headOf(ctx, node),
  };
  return id;
}

/** Lowers a class; returns its number in the file. */
export function lowerClass(ctx: Lowering, outer: Scope, node: ts.ClassLikeDeclaration, hint: string): number {
  const id = ctx.classes.length;
  ctx.classes.push(undefined as never);
  const scope = node.name ? blockScope(outer) : outer;
  if (node.name && ts.isClassExpression(node)) declare(scope, node.name.text);
  const heritage = node.heritageClauses ?? [];
  const base = heritage.find(clause => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
  const impl = heritage
    .filter(clause => clause.token === ts.SyntaxKind.ImplementsKeyword)
    .flatMap(clause => clause.types);
  const ext = base && lowerExpr(ctx, outer, base.expression);
  const decorators = lowerDecorators(ctx, outer, node);
  const members: ClassMember[] = [];
  for (const member of node.members) lowerMember(ctx, scope, member, id, members);
  ctx.classes[id] = {
    id,
    name: node.name?.text ?? hint,
    parent: outer.fn,
    ...(ext ? { ext } : {}),
    ...(impl.length
      ? { impl: impl.map(type => ({ n: type.expression.getText(ctx.sourceFile), p: ctx.pos(type) })) }
      : {}),
    ...(hasModifier(node, ts.SyntaxKind.AbstractKeyword) ? { abstract: true as const } : {}),
    ...(decorators ? { decorators } : {}),
    members,
    p: ctx.pos(node),
    np: node.name ? ctx.pos(node.name) : [ctx.pos(node)[0], ctx.pos(node)[0] + 'class'.length],
  };
  return id;
}

function lowerMember(ctx: Lowering, scope: Scope, member: ts.ClassElement, cls: number, out: ClassMember[]): void {
  const key = member.name ? propertyKey(ctx, scope, member.name) : 'constructor';
  const n = typeof key === 'string' ? key : '';
  const decorators = ts.canHaveDecorators(member) ? lowerDecorators(ctx, scope, member) : undefined;
  const access: ClassMember['access'] = hasModifier(member, ts.SyntaxKind.PrivateKeyword)
    ? 'private'
    : hasModifier(member, ts.SyntaxKind.ProtectedKeyword)
      ? 'protected'
      : undefined;
  const shared = {
    n,
    ...(hasModifier(member, ts.SyntaxKind.StaticKeyword) ? { static: true as const } : {}),
    ...(access ? { access } : {}),
    ...(decorators ? { decorators } : {}),
    p: ctx.pos(member),
    np: member.name ? ctx.pos(member.name) : ctx.pos(member),
  } as const;
  if (ts.isPropertyDeclaration(member)) {
    out.push({
      kind: 'field',
      ...shared,
      ...(member.initializer ? { init: lowerExpr(ctx, scope, member.initializer, n) } : {}),
      ...(member.type ? { t: lowerType(ctx, member.type) } : {}),
      ...(member.questionToken ? { opt: true as const } : {}),
    });
  } else if (ts.isConstructorDeclaration(member)) {
    if (member.body)
      out.push({
        kind: 'ctor',
        ...shared,
        np: [shared.p[0], shared.p[0] + 'constructor'.length],
        f: lowerFunction(ctx, scope, member, 'constructor', cls),
      });
  } else if (ts.isMethodDeclaration(member) || ts.isAccessor(member)) {
    if (!member.body) return;
    const kind = ts.isMethodDeclaration(member) ? 'method' : ts.isGetAccessor(member) ? 'get' : 'set';
    out.push({ kind, ...shared, f: lowerFunction(ctx, scope, member, n, cls) });
  }
}

function lowerParam(ctx: Lowering, scope: Scope, node: ts.ParameterDeclaration): Param {
  const decorators = lowerDecorators(ctx, scope, node);
  const field = node.modifiers?.some(modifier => !ts.isDecorator(modifier));
  return {
    pat: lowerPattern(ctx, scope, node.name),
    ...(node.type ? { t: lowerType(ctx, node.type) } : {}),
    ...(node.initializer ? { d: lowerExpr(ctx, scope, node.initializer) } : {}),
    ...(node.dotDotDotToken ? { rest: true as const } : {}),
    ...(node.questionToken ? { opt: true as const } : {}),
    ...(field ? { field: true as const } : {}),
    ...(decorators ? { decorators } : {}),
    p: ctx.pos(node),
  };
}

export function lowerDecorators(ctx: Lowering, scope: Scope, node: ts.HasDecorators): readonly Decorator[] | undefined {
  const decorators = ts.getDecorators(node);
  return decorators?.map(({ expression }) => {
    const e = lowerExpr(ctx, scope, expression);
    return { e, p: e.p };
  });
}

/** `'use strict'`-like string statements at the start of a body. */
export function directivesOf(statements: readonly ts.Statement[]): string[] {
  const out: string[] = [];
  for (const statement of statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) break;
    out.push(statement.expression.text);
  }
  return out;
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some(modifier => modifier.kind === kind) ?? false);
}

function kindOf(node: FunctionNode): FunctionFact['kind'] {
  if (ts.isArrowFunction(node)) return 'arrow';
  if (ts.isConstructorDeclaration(node)) return 'ctor';
  if (ts.isMethodDeclaration(node)) return 'method';
  if (ts.isGetAccessor(node)) return 'get';
  return ts.isSetAccessor(node) ? 'set' : 'function';
}

function functionName(node: FunctionNode, hint: string): string {
  return node.name && ts.isIdentifier(node.name) ? node.name.text : hint;
}

/** The name, or for an anonymous function its parameter list: never the whole body. */
function headOf(ctx: Lowering, node: FunctionNode): Pos {
  if (node.name) return ctx.pos(node.name);
  const [start] = ctx.pos(node);
  if (ts.isArrowFunction(node)) return [start, node.equalsGreaterThanToken.end];
  return [start, node.body ? ctx.pos(node.body)[0] : node.end];
}
