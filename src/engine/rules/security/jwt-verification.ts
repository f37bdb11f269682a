import { mergeArgument, removeProperty } from '../../fixes/source-object.ts';
import { edit, quoted, uncast } from '../../fixes/source-style.ts';
import type { Operation } from '../../link/operations.ts';
import { uncheckedIdentities } from '../../queries/security/optional-identity.ts';
import { confusableKeys, shortKeys } from '../../queries/security/token-keys.ts';
import { passwordsInTokens } from '../../queries/security/token-passwords.ts';
import { looseOptions, neverExpires, tokensForAnybody, unprovenTokens } from '../../queries/security/tokens.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const jwtVerification = defineRule({
  meta: {
    id: 'security/jwt-verification',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [347, 345, 613],
    owasp: ['A08:2025', 'API2:2023'],
    fix: 'suggest',
    messages: {
      decoded: 'The token is decoded but nothing on the way of {route} verifies its signature, so anyone can write it.',
      none: 'The algorithm `none` is accepted: a token without a signature may pass.',
      expired: 'Expired tokens are accepted: `ignoreExpiration` is true.',
      tolerance: 'Tokens stay valid more than five minutes after they expired.',
      endless: 'This token never expires: it is signed without `expiresIn`.',
      short: 'This key of signatures has {bytes} bytes; below 32, whoever holds one token can search for it.',
      algorithms: 'Without `algorithms`, {library} decides by the text of the key which signatures it takes.',
      anybody:
        'Any token of this provider passes, also one made for another program: neither `audience` nor `issuer` is checked.',
      told: '`{field}` is written into a token, which is signed but not encrypted: whoever holds it can read it.',
      optional:
        'Requests without a token pass here, and {route} reads who is calling without asking whether anyone is.',
    },
  },

  check(model, report) {
    for (const { operation, endpoints } of unprovenTokens(model)) {
      const [{ method, path, span }] = endpoints as [(typeof endpoints)[number]];
      report(operation.span, 'decoded', {
        data: { route: `${method} ${path}` },
        confidence: 'medium',
        evidence: [{ span, message: `${method} ${path} relies on it` }],
      });
    }
    for (const operation of [...model.operations('jwt-verify'), ...model.operations('jwt-sign')]) {
      for (const problem of looseOptions(operation)) {
        report(operation.span, problem, {
          severity: problem === 'none' ? 'error' : 'warning',
          fixes: problem === 'tolerance' ? [] : [strict(operation, problem)],
        });
      }
    }
    for (const operation of model.operations('jwt-sign')) {
      if (neverExpires(model, operation))
        report(operation.span, 'endless', { severity: 'info', confidence: 'medium', fixes: [expire(operation)] });
    }
    for (const { operation, field } of passwordsInTokens(model))
      report(operation.span, 'told', { data: { field }, severity: 'warning', anchor: field });
    for (const { literal, bytes } of shortKeys(model))
      report(literal.span, 'short', { data: { bytes }, severity: 'warning', anchor: 'key' });
    for (const { operation, library } of confusableKeys(model))
      report(operation.span, 'algorithms', { data: { library }, severity: 'warning', confidence: 'medium' });
    for (const operation of tokensForAnybody(model))
      report(operation.span, 'anybody', { severity: 'info', confidence: 'medium' });
    for (const { operation, endpoint, read } of uncheckedIdentities(model)) {
      const route = `${endpoint.method} ${endpoint.path}`;
      report(operation.span, 'optional', {
        data: { route },
        confidence: 'medium',
        severity: 'warning',
        evidence: [{ span: read, message: `${route} reads it here` }],
        anchor: route,
      });
    }
  },
});

function strict({ file, args }: Operation, problem: 'none' | 'expired'): FixDraft {
  return {
    title: problem === 'none' ? 'Remove the algorithm `none`' : 'Check the expiry',
    kind: 'auto',
    change({ text }) {
      const source = text(file);
      const object = args['options'] && uncast(args['options'].expr);
      if (source === undefined || object?.k !== 'obj') return undefined;
      const name = problem === 'none' ? 'algorithms' : 'ignoreExpiration';
      const property = object.props.find(one => one.k === 'prop' && one.n === name);
      if (property?.k !== 'prop') return undefined;
      if (problem === 'expired') return { edits: [removeProperty(file, source, object, property)], newFiles: [] };
      if (property.v.k !== 'arr') return undefined;
      const kept = property.v.e.filter(one => !(one.k === 'str' && one.v.toLowerCase() === 'none'));
      if (kept.length === 0) return undefined;
      const list = `[${kept.map(one => source.slice(one.p[0], one.p[1])).join(', ')}]`;
      return { edits: [edit(file, property.v.p, list)], newFiles: [] };
    },
  };
}

function expire({ file, site, is }: Operation): FixDraft {
  return {
    title: 'Let the token expire after 15 minutes',
    kind: 'suggest',
    change({ text }) {
      const source = text(file);
      const position = is['service'] ? 1 : 2;
      const edits =
        source === undefined
          ? undefined
          : mergeArgument(file, source, site.call, position, [{ name: 'expiresIn', value: quoted(source, '15m') }]);
      return edits && { edits, newFiles: [] };
    },
  };
}
