import type { Expr } from '../model/facts.ts';
import { evaluate } from './evaluate.ts';
import { partsOfValue } from './handed-values.ts';
import type { Program } from './program.ts';
import { isIdentity, isRequest, requestOrigin } from './request-value.ts';
import type { ApiValue, Env } from './values.ts';

/** Whether code that cannot be seen is given the request, the caller, or (by its name, to check it) what was sent. */
export function mayProve(program: Program, env: Env, e: Expr & { k: 'call' }, name: string): boolean {
  return e.a.some(arg => {
    const whole = evaluate(program, env, arg);
    return partsOfValue(whole).some(value => {
      // What goes along in an object (a log line's, an event's) is checked only by what is called so.
      if (isRequest(value) || (value === whole && isIdentity(program, value))) return true;
      return MAY_PROVE.test(name) && (requestOrigin(program, value) !== undefined || isIdentity(program, value));
    });
  });
}

/** Something a plugin put onto the request, `request.storage.verify(…)`: the project's code behind a library's type. */
export function isDecoration(program: Program, callee: ApiValue): boolean {
  let root: ApiValue = callee;
  for (let depth = 0; root.from && depth < 12; depth++) root = root.from;
  return isRequest(root) && callee.from !== root && requestOrigin(program, callee) === undefined;
}

/** Names under which unseen code may check what it is given; it proves nothing, so it only ends in doubt. */
const MAY_PROVE = /verif|authent|authori[sz]|check|validat|ensure|assert|require|guard|signature|permission|allowed/i;
