import type { MemberType, TypeRef } from '../model/facts.ts';
import { ts } from '../syntax/ts.ts';
import type { Lowering } from './lowering.ts';

const DEPTH = 5;

/** A written type, reduced to names, arguments, unions and members; anything cleverer becomes `?`. */
export function lowerType(ctx: Lowering, node: ts.TypeNode, depth = 0): TypeRef {
  const p = ctx.pos(node);
  if (depth > DEPTH) return { n: '?', p };
  const inner = (type: ts.TypeNode): TypeRef => lowerType(ctx, type, depth + 1);
  if (ts.isTypeReferenceNode(node)) {
    const n = entityName(node.typeName);
    const only = node.typeArguments?.[0];
    if ((n === 'Array' || n === 'ReadonlyArray') && only) return { ...inner(only), array: true, p };
    return { n, ...(node.typeArguments ? { args: node.typeArguments.map(inner) } : {}), p };
  }
  if (ts.isArrayTypeNode(node)) return { ...inner(node.elementType), array: true, p };
  if (ts.isTypeOperatorNode(node)) return inner(node.type);
  if (ts.isParenthesizedTypeNode(node)) return inner(node.type);
  if (ts.isUnionTypeNode(node)) return { n: '', union: node.types.map(inner), p };
  if (ts.isIntersectionTypeNode(node)) return { n: '&', args: node.types.map(inner), p };
  if (ts.isTypeLiteralNode(node)) return { n: '', members: lowerMembers(ctx, node.members, depth + 1), p };
  if (ts.isLiteralTypeNode(node)) return literalType(ctx, node);
  if (ts.isTypeQueryNode(node)) return { n: 'typeof', args: [{ n: entityName(node.exprName), p }], p };
  if (ts.isTupleTypeNode(node)) return { n: '?', array: true, p };
  const keyword = KEYWORDS.get(node.kind);
  return { n: keyword ?? '?', p };
}

export function lowerMembers(ctx: Lowering, members: readonly ts.TypeElement[], depth = 0): MemberType[] {
  const out: MemberType[] = [];
  for (const member of members) {
    if (!member.name || !(ts.isIdentifier(member.name) || ts.isStringLiteral(member.name))) continue;
    const type = ts.isPropertySignature(member) ? member.type : undefined;
    out.push({
      n: member.name.text,
      ...(type ? { t: lowerType(ctx, type, depth) } : {}),
      ...(member.questionToken ? { opt: true as const } : {}),
      p: ctx.pos(member.name),
    });
  }
  return out;
}

function literalType(ctx: Lowering, { literal }: ts.LiteralTypeNode): TypeRef {
  const p = ctx.pos(literal);
  if (ts.isStringLiteral(literal)) return { n: 'string', lit: literal.text, p };
  if (ts.isNumericLiteral(literal)) return { n: 'number', lit: Number(literal.text), p };
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return { n: 'boolean', lit: true, p };
  if (literal.kind === ts.SyntaxKind.FalseKeyword) return { n: 'boolean', lit: false, p };
  if (literal.kind === ts.SyntaxKind.NullKeyword) return { n: 'null', p };
  return { n: '?', p };
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

const KEYWORDS = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.StringKeyword, 'string'],
  [ts.SyntaxKind.NumberKeyword, 'number'],
  [ts.SyntaxKind.BooleanKeyword, 'boolean'],
  [ts.SyntaxKind.BigIntKeyword, 'bigint'],
  [ts.SyntaxKind.AnyKeyword, 'any'],
  [ts.SyntaxKind.UnknownKeyword, 'unknown'],
  [ts.SyntaxKind.ObjectKeyword, 'object'],
  [ts.SyntaxKind.VoidKeyword, 'void'],
  [ts.SyntaxKind.NeverKeyword, 'never'],
  [ts.SyntaxKind.UndefinedKeyword, 'undefined'],
  [ts.SyntaxKind.SymbolKeyword, 'symbol'],
]);
