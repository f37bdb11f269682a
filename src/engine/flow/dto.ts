import { typeValue } from '../link/declared.ts';
import { evaluate } from '../link/evaluate.ts';
import { alternatives, type ClassValue, type Value } from '../link/values.ts';
import type { ClassMember, Param } from '../model/facts.ts';
import { AS_SHAPED, AS_TEXT, maskOf } from './kinds.ts';
import { CLEAN, clean, mapOrigins, read, type Taint } from './taint.ts';
import type { Walk } from './walk.ts';

/** Rules of class-validator after which nothing harmful is left in a value. */
const CLOSED = new Set(
  'IsInt IsNumber IsBoolean IsEnum IsUUID IsIn IsDate IsMongoId IsNumberString IsBooleanString IsISO8601 IsDateString IsAlphanumeric IsAlpha IsHexadecimal IsPort IsIP IsLatitude IsLongitude IsPositive IsNegative Min Max IsDecimal IsULID IsSemVer IsLocale IsTimeZone IsISO4217CurrencyCode IsISO31661Alpha2 IsPhoneNumber IsMobilePhone'.split(
    ' ',
  ),
);
/** Rules that leave a text. */
const TEXTS = new Set(
  'IsString IsEmail IsUrl IsNotEmpty Length MinLength MaxLength Matches IsJSON IsBase64'.split(' '),
);
/** Pipes that give a number, a truth value or an identifier. */
const PIPES = /^@nestjs\/common\.Parse(?:Int|Float|Bool|UUID|Enum|Date)Pipe/;

/**
 * A validated parameter: its properties are what the rules of its class leave of them. Properties without rules stay as
 * they came.
 */
export function dtoFields(walk: Walk, param: Param, taint: Taint): Taint {
  const { program, env } = walk;
  for (const { e } of param.decorators ?? []) {
    if (e.k !== 'call') continue;
    for (const arg of e.a)
      for (const one of alternatives(evaluate(program, env, arg)))
        if (one.k === 'api' && PIPES.test(one.path)) return CLEAN;
  }
  const type = param.t ? typeValue(program, env, param.t) : undefined;
  const fields = new Map<string, Taint>();
  if (type?.k === 'instance') collect(walk, type.of, taint, fields, 0);
  // No rules on its class: it was a schema that the pipe was made with, and what it names has the shape it says.
  if (fields.size === 0) return mapOrigins(taint, origin => clean(origin, AS_SHAPED, undefined));
  // What its class allows is written down: that is the point of it.
  return { own: taint.own.map(origin => clean(origin, maskOf('record'), undefined)), fields };
}

function collect(walk: Walk, cls: ClassValue, taint: Taint, fields: Map<string, Taint>, depth: number): void {
  const base: Value | undefined = depth < 4 ? walk.program.baseOf(cls) : undefined;
  if (base?.k === 'class') collect(walk, base, taint, fields, depth + 1);
  for (const member of cls.cls.members) {
    if (member.kind !== 'field') continue;
    const names = rulesOf(walk, cls, member);
    if (names.some(name => CLOSED.has(name))) fields.set(member.n, CLEAN);
    else if (names.some(name => TEXTS.has(name)))
      fields.set(
        member.n,
        mapOrigins(read(taint, member.n), origin => clean(origin, AS_TEXT, undefined)),
      );
  }
}

function rulesOf(walk: Walk, { env }: ClassValue, { decorators }: ClassMember): string[] {
  return (decorators ?? []).flatMap(({ e }) => {
    const value = evaluate(walk.program, env, e);
    return value.k === 'api' && value.path.startsWith('class-validator.')
      ? [value.path.slice('class-validator.'.length).replace('()', '')]
      : [];
  });
}
