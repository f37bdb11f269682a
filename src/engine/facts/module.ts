import { type ExportFact, type Expr, GLOBAL, type Stmt } from '../model/facts.ts';
import { ts } from '../syntax/ts.ts';
import { lowerExpr } from './expressions.ts';
import { hasModifier } from './functions.ts';
import type { Lowering } from './lowering.ts';
import type { Scope } from './scope.ts';
import { lowerMembers, lowerType } from './types.ts';

/** Records imports, exports and type declarations of the module, ESM and CommonJS alike. */
export function recordModule(ctx: Lowering, scope: Scope, body: readonly Stmt[]): void {
  const { statements } = ctx.sourceFile;
  for (const statement of statements) recordStatement(ctx, scope, statement);
  // Last, because an import is judged by what all other statements use of it.
  for (const statement of statements) if (ts.isImportDeclaration(statement)) recordImport(ctx, statement);
  ctx.dependencies.sort((a, b) => a.p[0] - b.p[0]);
  for (const statement of body) if (statement.k === 'expr') recordCommonJs(ctx, statement.e);
}

function recordStatement(ctx: Lowering, scope: Scope, node: ts.Statement): void {
  if (ts.isImportEqualsDeclaration(node)) recordImportEquals(ctx, node);
  else if (ts.isExportDeclaration(node)) recordReexport(ctx, node);
  else if (ts.isExportAssignment(node)) {
    ctx.exports.push({
      k: 'value',
      name: node.isExportEquals ? '=' : 'default',
      e: lowerExpr(ctx, scope, node.expression, 'default'),
      p: ctx.pos(node),
    });
  } else if (ts.isInterfaceDeclaration(node)) {
    const ext = node.heritageClauses?.flatMap(clause => clause.types) ?? [];
    ctx.types.push({
      kind: 'interface',
      name: node.name.text,
      members: lowerMembers(ctx, node.members),
      ...(ext.length ? { ext: ext.map(type => lowerType(ctx, type)) } : {}),
      p: ctx.pos(node.name),
    });
  } else if (ts.isTypeAliasDeclaration(node)) {
    ctx.types.push({ kind: 'alias', name: node.name.text, t: lowerType(ctx, node.type), p: ctx.pos(node.name) });
  } else if (ts.isEnumDeclaration(node)) {
    recordEnum(ctx, node);
  }
  if (hasModifier(node, ts.SyntaxKind.ExportKeyword)) recordDeclarationExport(ctx, node);
}

function recordImport(ctx: Lowering, node: ts.ImportDeclaration): void {
  if (!ts.isStringLiteral(node.moduleSpecifier)) return;
  const module = node.moduleSpecifier.text;
  const mp = ctx.pos(node.moduleSpecifier);
  const clause = node.importClause;
  const typeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const p = ctx.pos(node);
  const bind = (local: ts.Identifier, name: string, onlyType: boolean): void => {
    ctx.imports.push({
      local: local.text,
      module,
      name,
      ...(typeOnly || onlyType ? { typeOnly: true as const } : {}),
      p: ctx.pos(local),
      mp,
    });
  };
  if (clause?.name) bind(clause.name, 'default', false);
  const bindings = clause?.namedBindings;
  const isNeeded = (local: ts.Identifier): boolean => !mayErase(ctx) || ctx.used.has(local.text);
  let runtime = !clause || (!!clause.name && isNeeded(clause.name));
  if (bindings && ts.isNamespaceImport(bindings)) {
    bind(bindings.name, '*', false);
    runtime ||= isNeeded(bindings.name);
  } else if (bindings) {
    for (const element of bindings.elements) {
      bind(element.name, (element.propertyName ?? element.name).text, element.isTypeOnly);
      runtime ||= !element.isTypeOnly && isNeeded(element.name);
    }
  }
  ctx.dependencies.push({
    module,
    kind: 'import',
    ...(typeOnly || !runtime ? { typeOnly: true as const } : { eager: true as const }),
    p,
  });
}

/**
 * TypeScript drops an import whose names stand only in types (unless `verbatimModuleSyntax` is set). With decorators it
 * keeps those of constructor parameters, so files that have any are left alone.
 */
function mayErase({ sourceFile, classes }: Lowering): boolean {
  if (!/\.[cm]?tsx?$/.test(sourceFile.fileName)) return false;
  return !classes.some(one => one.decorators || one.members.some(member => member.decorators));
}

function recordImportEquals(ctx: Lowering, node: ts.ImportEqualsDeclaration): void {
  const reference = node.moduleReference;
  if (!ts.isExternalModuleReference(reference) || !ts.isStringLiteral(reference.expression)) return;
  const module = reference.expression.text;
  ctx.imports.push({
    local: node.name.text,
    module,
    name: '=',
    p: ctx.pos(node.name),
    mp: ctx.pos(reference.expression),
  });
  ctx.dependencies.push({ module, kind: 'require', eager: true, p: ctx.pos(node) });
}

function recordReexport(ctx: Lowering, node: ts.ExportDeclaration): void {
  const p = ctx.pos(node);
  const clause = node.exportClause;
  const typeOnly = node.isTypeOnly ? ({ typeOnly: true } as const) : {};
  const module =
    node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : undefined;
  if (module !== undefined) {
    if (!clause) ctx.exports.push({ k: 'from', name: '*', from: '*', module, ...typeOnly, p });
    else if (ts.isNamespaceExport(clause))
      ctx.exports.push({ k: 'from', name: clause.name.text, from: '*', module, ...typeOnly, p });
    ctx.dependencies.push({
      module,
      kind: 'export',
      ...(node.isTypeOnly ? { typeOnly: true as const } : { eager: true as const }),
      p,
    });
  }
  if (!clause || !ts.isNamedExports(clause)) return;
  for (const element of clause.elements) {
    const from = (element.propertyName ?? element.name).text;
    const name = element.name.text;
    if (module === undefined) {
      ctx.used.add(from);
      ctx.exports.push({ k: 'local', name, local: from, ...typeOnly, p: ctx.pos(element) });
    } else ctx.exports.push({ k: 'from', name, from, module, ...typeOnly, p: ctx.pos(element) });
  }
}

function recordDeclarationExport(ctx: Lowering, node: ts.Statement): void {
  const isDefault = hasModifier(node, ts.SyntaxKind.DefaultKeyword);
  const add = (local: string, p: ts.Node, typeOnly = false): void => {
    const name = isDefault ? 'default' : local;
    ctx.exports.push({ k: 'local', name, local, ...(typeOnly ? { typeOnly: true as const } : {}), p: ctx.pos(p) });
  };
  if (ts.isVariableStatement(node)) {
    for (const { name } of node.declarationList.declarations) bindingNames(name, id => add(id.text, id));
  } else if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) {
    add(node.name?.text ?? 'default', node.name ?? node);
  } else if (ts.isEnumDeclaration(node)) {
    add(node.name.text, node.name);
  } else if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
    add(node.name.text, node.name, true);
  }
}

function bindingNames(name: ts.BindingName, each: (id: ts.Identifier) => void): void {
  if (ts.isIdentifier(name)) each(name);
  else for (const element of name.elements) if (ts.isBindingElement(element)) bindingNames(element.name, each);
}

function recordEnum(ctx: Lowering, node: ts.EnumDeclaration): void {
  let next: number | undefined = 0;
  const values = node.members.map(member => {
    const n = ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : '';
    const given = member.initializer;
    const v: string | number | undefined = !given
      ? next
      : ts.isStringLiteralLike(given)
        ? given.text
        : ts.isNumericLiteral(given)
          ? Number(given.text)
          : undefined;
    next = typeof v === 'number' ? v + 1 : undefined;
    return { n, ...(v === undefined ? {} : { v }) };
  });
  ctx.types.push({ kind: 'enum', name: node.name.text, values, p: ctx.pos(node.name) });
}

/** `module.exports = x`, `module.exports.y = x`, `exports.y = x`, and chains of them. */
function recordCommonJs(ctx: Lowering, e: Expr): void {
  if (e.k !== 'assign' || e.op !== '=') return;
  const name = exportTarget(e.l as Expr);
  if (name !== undefined) {
    let value = e.r;
    while (value.k === 'assign') value = value.r;
    ctx.exports.push({ k: 'value', name, e: value, p: e.p } satisfies ExportFact);
  }
  if (e.r.k === 'assign') recordCommonJs(ctx, e.r);
}

/** '=' for `module.exports`, the property for `exports.x`; undefined for anything else. */
function exportTarget(e: Expr): string | undefined {
  if (isModuleExports(e)) return '=';
  if (e.k !== 'mem') return undefined;
  const isExports = isModuleExports(e.o) || (e.o.k === 'id' && e.o.n === 'exports' && e.o.s === GLOBAL);
  return isExports ? e.n : undefined;
}

function isModuleExports(e: Expr): boolean {
  return e.k === 'mem' && e.n === 'exports' && e.o.k === 'id' && e.o.n === 'module' && e.o.s === GLOBAL;
}
