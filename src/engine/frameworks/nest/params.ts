import { evaluate } from '../../link/evaluate.ts';
import type { Program } from '../../link/program.ts';
import { type ApiValue, api, type FuncValue, stringOf, UNKNOWN, type Value } from '../../link/values.ts';
import type { Param } from '../../model/facts.ts';
import { decorationsOf } from '../shared/decorations.ts';

export const CONTEXT = '@nestjs/common.ExecutionContext';

/** What the values of `@Body()`, `@Req()` … are, for a handler's parameters. */
export function paramValues(program: Program, func: FuncValue): Value[] {
  return func.fn.params.map(param => paramValue(program, func, param) ?? UNKNOWN);
}

function paramValue(program: Program, func: FuncValue, param: Param): Value | undefined {
  for (const { path, args, value } of decorationsOf(program, func.env, param.decorators)) {
    const whole = WHOLE[path];
    if (whole) return api(whole(program, func.file), true);
    if (PARTS.has(path)) return part(path, args[0]);
    if (value.k === 'api' && path === '@nestjs/common.createParamDecorator()') {
      const factory = value.from?.made?.args[0];
      if (factory?.k === 'func') return program.returns(factory, [UNKNOWN, api(CONTEXT, true)]);
    }
  }
  return undefined;
}

/** `@Body()` is the whole part, `@Body('name')` one property of it. */
function part(path: string, name: Value | undefined): Value {
  const whole: ApiValue = api(path, true);
  const key = stringOf(name);
  return key === undefined ? whole : { k: 'api', path: `${path}#${key}`, inst: false, from: whole };
}

const PARTS = new Set(
  ['Body', 'Query', 'Param', 'Headers', 'UploadedFile', 'UploadedFiles', 'Session', 'Ip', 'HostParam', 'RawBody']
    .map(name => `@nestjs/common.${name}`)
    .concat('@nestjs/graphql.Args', '@nestjs/websockets.MessageBody', '@nestjs/microservices.Payload'),
);

const WHOLE: Readonly<Record<string, (program: Program, file: string) => string>> = {
  '@nestjs/common.Req': requestOf,
  '@nestjs/common.Request': requestOf,
  '@nestjs/common.Res': responseOf,
  '@nestjs/common.Response': responseOf,
  '@nestjs/common.Next': () => 'express.NextFunction',
};

function isFastify(program: Program, file: string): boolean {
  const { project } = program;
  return project.dependsOn(file, '@nestjs/platform-fastify') && !project.dependsOn(file, '@nestjs/platform-express');
}

function requestOf(program: Program, file: string): string {
  return isFastify(program, file) ? 'fastify.FastifyRequest' : 'express.Request';
}

function responseOf(program: Program, file: string): string {
  return isFastify(program, file) ? 'fastify.FastifyReply' : 'express.Response';
}

/** Provider looked up by the token of `@Inject(token)`, if the parameter has one. */
export function injectToken(program: Program, env: FuncValue['env'], param: Param): Value | undefined {
  for (const { path, args } of decorationsOf(program, env, param.decorators))
    if (path === '@nestjs/common.Inject') return args[0];
  const name = param.t?.n;
  return name && !name.includes('.')
    ? evaluate(program, env.unit.env, { k: 'id', n: name, s: 0, p: param.p })
    : undefined;
}
