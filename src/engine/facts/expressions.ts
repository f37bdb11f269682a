import { type Expr, MODULE, type Pattern, type Pos, type Prop } from '../model/facts.ts';
import { ts } from '../syntax/ts.ts';
import { lowerClass, lowerFunction } from './functions.ts';
import type { Lowering } from './lowering.ts';
import { resolve, type Scope } from './scope.ts';
import { lowerType } from './types.ts';

/** Lowers one expression. `name` is what an anonymous function or class in this place would be called. */
export function lowerExpr(ctx: Lowering, scope: Scope, node: ts.Expression, name = ''): Expr {
  switch (node.kind) {
    case ts.SyntaxKind.Identifier: {
      const { text } = node as ts.Identifier;
      if (text === 'undefined') return { k: 'nil', v: 'undefined', p: ctx.pos(node) };
      const { n, s } = use(ctx, scope, text);
      return { k: 'id', n, s, p: ctx.pos(node) };
    }
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
      return { k: 'str', v: (node as ts.StringLiteralLike).text, p: ctx.pos(node) };
    case ts.SyntaxKind.NumericLiteral:
      return { k: 'num', v: Number((node as ts.NumericLiteral).text), p: ctx.pos(node) };
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
      return { k: 'bool', v: node.kind === ts.SyntaxKind.TrueKeyword, p: ctx.pos(node) };
    case ts.SyntaxKind.NullKeyword:
      return { k: 'nil', v: 'null', p: ctx.pos(node) };
    case ts.SyntaxKind.ThisKeyword:
      return { k: 'this', p: ctx.pos(node) };
    case ts.SyntaxKind.SuperKeyword:
      return { k: 'super', p: ctx.pos(node) };
    case ts.SyntaxKind.PropertyAccessExpression: {
      const access = node as ts.PropertyAccessExpression;
      const o = lowerExpr(ctx, scope, access.expression);
      const n = access.name.text;
      const np = ctx.pos(access.name);
      const p: Pos = [o.p[0], node.end];
      return access.questionDotToken ? { k: 'mem', o, n, opt: true, p, np } : { k: 'mem', o, n, p, np };
    }
    case ts.SyntaxKind.CallExpression:
      return call(ctx, scope, node as ts.CallExpression, name);
    default:
      return lowerCompound(ctx, scope, node, name);
  }
}

function lowerCompound(ctx: Lowering, scope: Scope, node: ts.Expression, name: string): Expr {
  const go = (child: ts.Expression): Expr => lowerExpr(ctx, scope, child);
  switch (node.kind) {
    case ts.SyntaxKind.RegularExpressionLiteral:
      return regex(ctx, node as ts.RegularExpressionLiteral);
    case ts.SyntaxKind.TemplateExpression:
      return template(ctx, scope, node as ts.TemplateExpression);
    case ts.SyntaxKind.TaggedTemplateExpression: {
      const { tag, template: body } = node as ts.TaggedTemplateExpression;
      const lowered = ts.isTemplateExpression(body)
        ? template(ctx, scope, body)
        : { k: 'tpl' as const, parts: [body.text], p: ctx.pos(body) };
      return { ...lowered, tag: go(tag), p: ctx.pos(node) };
    }
    case ts.SyntaxKind.ElementAccessExpression: {
      const access = node as ts.ElementAccessExpression;
      const o = go(access.expression);
      const i = go(access.argumentExpression);
      const p: Pos = [o.p[0], node.end];
      if (i.k === 'str') return { k: 'mem', o, n: i.v, ...optional(access), p, np: i.p };
      return { k: 'idx', o, i, ...optional(access), p };
    }
    case ts.SyntaxKind.NewExpression: {
      const { expression, arguments: args, typeArguments } = node as ts.NewExpression;
      return {
        k: 'call',
        f: go(expression),
        a: (args ?? []).map(go),
        new: true,
        ...(typeArguments ? { types: typeArguments.map(type => lowerType(ctx, type)) } : {}),
        p: ctx.pos(node),
      };
    }
    case ts.SyntaxKind.ArrowFunction:
    case ts.SyntaxKind.FunctionExpression:
      return {
        k: 'fn',
        f: lowerFunction(ctx, scope, node as ts.ArrowFunction | ts.FunctionExpression, name),
        p: ctx.pos(node),
      };
    case ts.SyntaxKind.ClassExpression:
      return { k: 'class', c: lowerClass(ctx, scope, node as ts.ClassExpression, name), p: ctx.pos(node) };
    case ts.SyntaxKind.ObjectLiteralExpression:
      return {
        k: 'obj',
        props: (node as ts.ObjectLiteralExpression).properties.map(prop => property(ctx, scope, prop)),
        p: ctx.pos(node),
      };
    case ts.SyntaxKind.ArrayLiteralExpression:
      return { k: 'arr', e: (node as ts.ArrayLiteralExpression).elements.map(go), p: ctx.pos(node) };
    case ts.SyntaxKind.SpreadElement:
      return { k: 'spread', e: go((node as ts.SpreadElement).expression), p: ctx.pos(node) };
    case ts.SyntaxKind.AwaitExpression:
      return { k: 'await', e: go((node as ts.AwaitExpression).expression), p: ctx.pos(node) };
    case ts.SyntaxKind.YieldExpression: {
      const { expression } = node as ts.YieldExpression;
      return { k: 'yield', ...(expression ? { e: go(expression) } : {}), p: ctx.pos(node) };
    }
    case ts.SyntaxKind.BinaryExpression:
      return binary(ctx, scope, node as ts.BinaryExpression, name);
    case ts.SyntaxKind.PrefixUnaryExpression: {
      const { operator, operand } = node as ts.PrefixUnaryExpression;
      const e = go(operand);
      if (operator === ts.SyntaxKind.MinusToken && e.k === 'num') return { ...e, v: -e.v, p: ctx.pos(node) };
      return { k: 'un', op: ts.tokenToString(operator) ?? '?', e, p: ctx.pos(node) };
    }
    case ts.SyntaxKind.PostfixUnaryExpression: {
      const { operator, operand } = node as ts.PostfixUnaryExpression;
      return { k: 'un', op: ts.tokenToString(operator) ?? '?', e: go(operand), p: ctx.pos(node) };
    }
    case ts.SyntaxKind.TypeOfExpression:
      return { k: 'un', op: 'typeof', e: go((node as ts.TypeOfExpression).expression), p: ctx.pos(node) };
    case ts.SyntaxKind.VoidExpression:
      return { k: 'un', op: 'void', e: go((node as ts.VoidExpression).expression), p: ctx.pos(node) };
    case ts.SyntaxKind.DeleteExpression:
      return { k: 'un', op: 'delete', e: go((node as ts.DeleteExpression).expression), p: ctx.pos(node) };
    case ts.SyntaxKind.ConditionalExpression: {
      const { condition, whenTrue, whenFalse } = node as ts.ConditionalExpression;
      return { k: 'cond', t: go(condition), a: go(whenTrue), b: go(whenFalse), p: ctx.pos(node) };
    }
    case ts.SyntaxKind.ParenthesizedExpression:
      return lowerExpr(ctx, scope, (node as ts.ParenthesizedExpression).expression, name);
    case ts.SyntaxKind.AsExpression:
    case ts.SyntaxKind.TypeAssertionExpression:
    case ts.SyntaxKind.SatisfiesExpression: {
      const { expression, type } = node as ts.AsExpression;
      const e = lowerExpr(ctx, scope, expression, name);
      const isConst = ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && type.typeName.text === 'const';
      return isConst || ts.isSatisfiesExpression(node) ? e : { k: 'as', e, t: lowerType(ctx, type), p: ctx.pos(node) };
    }
    case ts.SyntaxKind.NonNullExpression:
      return { k: 'as', e: go((node as ts.NonNullExpression).expression), nonNull: true, p: ctx.pos(node) };
    case ts.SyntaxKind.JsxElement:
    case ts.SyntaxKind.JsxSelfClosingElement:
    case ts.SyntaxKind.JsxFragment:
      return jsx(ctx, scope, node);
    case ts.SyntaxKind.MetaProperty:
      return { k: 'id', n: 'import.meta', s: -1, p: ctx.pos(node) };
    case ts.SyntaxKind.ExpressionWithTypeArguments:
      return go((node as ts.ExpressionWithTypeArguments).expression);
    default:
      return { k: 'unk', p: ctx.pos(node) };
  }
}

/** A binding name, or (in an assignment) the target of one. The names are already declared in `scope`. */
export function lowerPattern(ctx: Lowering, scope: Scope, name: ts.BindingName): Pattern {
  if (ts.isIdentifier(name)) return { k: 'pid', ...resolve(scope, name.text), p: ctx.pos(name) };
  if (ts.isObjectBindingPattern(name)) {
    let rest: Pattern | undefined;
    const props = [];
    for (const element of name.elements) {
      const v = lowerPattern(ctx, scope, element.name);
      if (element.dotDotDotToken) {
        rest = v;
        continue;
      }
      const key = element.propertyName
        ? propertyKey(ctx, scope, element.propertyName)
        : ts.isIdentifier(element.name)
          ? element.name.text
          : '';
      props.push({ key, v, ...(element.initializer ? { d: lowerExpr(ctx, scope, element.initializer) } : {}) });
    }
    return { k: 'pobj', props, ...(rest ? { rest } : {}), p: ctx.pos(name) };
  }
  let rest: Pattern | undefined;
  const items = [];
  for (const element of name.elements) {
    if (ts.isOmittedExpression(element)) {
      items.push(null);
      continue;
    }
    const v = lowerPattern(ctx, scope, element.name);
    if (element.dotDotDotToken) rest = v;
    else items.push({ v, ...(element.initializer ? { d: lowerExpr(ctx, scope, element.initializer) } : {}) });
  }
  return { k: 'parr', items, ...(rest ? { rest } : {}), p: ctx.pos(name) };
}

function call(ctx: Lowering, scope: Scope, node: ts.CallExpression, name: string): Expr {
  const { expression, arguments: args, typeArguments } = node;
  if (expression.kind === ts.SyntaxKind.ImportKeyword) {
    const target = args[0] ? lowerExpr(ctx, scope, args[0]) : ({ k: 'unk', p: ctx.pos(node) } as const);
    dependency(ctx, target, 'dynamic', ctx.pos(node));
    return { k: 'import', e: target, p: ctx.pos(node) };
  }
  const f = lowerExpr(ctx, scope, expression, name);
  const a = args.map(argument => lowerExpr(ctx, scope, argument, calleeHint(name, argument)));
  const p: Pos = [f.p[0], node.end];
  if (f.k === 'id' && f.n === 'require' && f.s === -1 && a[0]) dependency(ctx, a[0], 'require', p);
  if (!typeArguments && !node.questionDotToken) return { k: 'call', f, a, p };
  return {
    k: 'call',
    f,
    a,
    ...optional(node),
    ...(typeArguments ? { types: typeArguments.map(type => lowerType(ctx, type)) } : {}),
    p,
  };
}

/** `const x = wrap(() => …)`: the function inside is still "x" to a reader. */
function calleeHint(name: string, argument: ts.Expression): string {
  return name && (ts.isArrowFunction(argument) || ts.isFunctionExpression(argument) || ts.isCallExpression(argument))
    ? name
    : '';
}

function dependency(ctx: Lowering, target: Expr, kind: 'require' | 'dynamic', p: Pos): void {
  if (target.k !== 'str') return;
  ctx.dependencies.push({ module: target.v, kind, p, ...(ctx.nesting === 0 ? { eager: true as const } : {}) });
}

function binary(ctx: Lowering, scope: Scope, node: ts.BinaryExpression, name: string): Expr {
  const op = ts.tokenToString(node.operatorToken.kind) ?? '?';
  if (op === ',') {
    return { k: 'seq', e: [lowerExpr(ctx, scope, node.left), lowerExpr(ctx, scope, node.right)], p: ctx.pos(node) };
  }
  if (
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  ) {
    const l = op === '=' ? assignmentTarget(ctx, scope, node.left) : lowerExpr(ctx, scope, node.left);
    const target = l.k === 'mem' ? l.n : l.k === 'id' ? l.n : name;
    return { k: 'assign', op, l, r: lowerExpr(ctx, scope, node.right, target), p: ctx.pos(node) };
  }
  const l = lowerExpr(ctx, scope, node.left);
  const r = lowerExpr(ctx, scope, node.right, op === '||' || op === '??' ? name : '');
  const p: Pos = [l.p[0], node.end];
  return op === '&&' || op === '||' || op === '??' ? { k: 'log', op, l, r, p } : { k: 'bin', op, l, r, p };
}

function assignmentTarget(ctx: Lowering, scope: Scope, node: ts.Expression): Expr | Pattern {
  const target = ts.isParenthesizedExpression(node) ? node.expression : node;
  const part = (child: ts.Expression): { v: Pattern; d?: Expr } => {
    if (ts.isBinaryExpression(child) && child.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      return { ...part(child.left), d: lowerExpr(ctx, scope, child.right) };
    }
    const lowered = assignmentTarget(ctx, scope, child);
    if (lowered.k === 'id') return { v: { k: 'pid', n: lowered.n, s: lowered.s, p: lowered.p } };
    return { v: isPattern(lowered) ? lowered : { k: 'pmem', e: lowered, p: lowered.p } };
  };
  if (ts.isObjectLiteralExpression(target)) {
    const props: { key: string | Expr; v: Pattern; d?: Expr }[] = [];
    let rest: Pattern | undefined;
    for (const prop of target.properties) {
      if (ts.isShorthandPropertyAssignment(prop)) {
        const d = prop.objectAssignmentInitializer;
        const v: Pattern = { k: 'pid', ...resolve(scope, prop.name.text), p: ctx.pos(prop.name) };
        props.push({ key: prop.name.text, v, ...(d ? { d: lowerExpr(ctx, scope, d) } : {}) });
      } else if (ts.isPropertyAssignment(prop)) {
        props.push({ key: propertyKey(ctx, scope, prop.name), ...part(prop.initializer) });
      } else if (ts.isSpreadAssignment(prop)) {
        rest = part(prop.expression).v;
      }
    }
    return { k: 'pobj', props, ...(rest ? { rest } : {}), p: ctx.pos(target) };
  }
  if (ts.isArrayLiteralExpression(target)) {
    return {
      k: 'parr',
      items: target.elements.map(element => (ts.isOmittedExpression(element) ? null : part(element))),
      p: ctx.pos(target),
    };
  }
  return lowerExpr(ctx, scope, target);
}

function isPattern(node: Expr | Pattern): node is Pattern {
  return node.k === 'pid' || node.k === 'pobj' || node.k === 'parr' || node.k === 'pmem';
}

function property(ctx: Lowering, scope: Scope, node: ts.ObjectLiteralElementLike): Prop {
  const p = ctx.pos(node);
  if (ts.isSpreadAssignment(node)) return { k: 'spread', v: lowerExpr(ctx, scope, node.expression), p };
  if (ts.isShorthandPropertyAssignment(node)) {
    const np = ctx.pos(node.name);
    return {
      k: 'prop',
      n: node.name.text,
      v: { k: 'id', ...use(ctx, scope, node.name.text), p: np },
      short: true,
      p,
      np,
    };
  }
  const key = propertyKey(ctx, scope, node.name);
  const n = typeof key === 'string' ? key : '';
  const v: Expr = ts.isPropertyAssignment(node)
    ? lowerExpr(ctx, scope, node.initializer, n)
    : { k: 'fn', f: lowerFunction(ctx, scope, node, n), p };
  return typeof key === 'string'
    ? { k: 'prop', n: key, v, p, np: ctx.pos(node.name) }
    : { k: 'computed', n: key, v, p };
}

/** A literal key as text, a computed one as an expression. */
export function propertyKey(ctx: Lowering, scope: Scope, name: ts.PropertyName): string | Expr {
  if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) return name.text;
  if (ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
  if (ts.isComputedPropertyName(name)) {
    const key = lowerExpr(ctx, scope, name.expression);
    return key.k === 'str' ? key.v : key;
  }
  return '';
}

function regex(ctx: Lowering, node: ts.RegularExpressionLiteral): Expr {
  const slash = node.text.lastIndexOf('/');
  return { k: 'regex', v: node.text.slice(1, slash), flags: node.text.slice(slash + 1), p: ctx.pos(node) };
}

function template(ctx: Lowering, scope: Scope, node: ts.TemplateExpression): Expr & { k: 'tpl' } {
  const parts: (string | Expr)[] = [node.head.text];
  for (const { expression, literal } of node.templateSpans) parts.push(lowerExpr(ctx, scope, expression), literal.text);
  return { k: 'tpl', parts, p: ctx.pos(node) };
}

function jsx(ctx: Lowering, scope: Scope, node: ts.Node): Expr {
  const e: Expr[] = [];
  let tag = '';
  const visit = (child: ts.Node): void => {
    if (ts.isJsxElement(child) || ts.isJsxSelfClosingElement(child) || ts.isJsxFragment(child))
      e.push(jsx(ctx, scope, child));
    else if (ts.isJsxExpression(child) || ts.isJsxSpreadAttribute(child)) {
      if (child.expression) e.push(lowerExpr(ctx, scope, child.expression));
    } else if (ts.isJsxOpeningElement(child) || ts.isJsxAttributes(child) || ts.isJsxAttribute(child)) {
      ts.forEachChild(child, visit);
    }
  };
  const opening = ts.isJsxElement(node) ? node.openingElement : ts.isJsxSelfClosingElement(node) ? node : undefined;
  if (opening && ts.isIdentifier(opening.tagName)) {
    tag = opening.tagName.text;
    use(ctx, scope, tag);
  }
  ts.forEachChild(node, visit);
  return { k: 'jsx', tag, e, p: ctx.pos(node) };
}

function optional(node: { readonly questionDotToken?: ts.QuestionDotToken | undefined }): { opt?: true } {
  return node.questionDotToken ? { opt: true } : {};
}

/** Resolves a name that code reads, and notes that it is needed at run time. */
function use(ctx: Lowering, scope: Scope, name: string): ReturnType<typeof resolve> {
  const binding = resolve(scope, name);
  if (binding.s === MODULE) ctx.used.add(binding.n);
  return binding;
}
