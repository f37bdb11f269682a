import { weakCiphers } from '../../queries/security/weak-ciphers.ts';
import { defineRule } from '../rule.ts';

export const weakCipher = defineRule({
  meta: {
    id: 'security/weak-cipher',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [327, 326, 329, 323],
    owasp: ['A04:2025'],
    fix: 'guide',
    messages: {
      algorithm: '{algorithm} is broken: what it encrypts can be read with effort that anyone can pay for.',
      mode: '{algorithm} encrypts equal blocks to equal blocks, so patterns of the plain text stay visible.',
      password:
        '{call} makes the key from the password with one round of MD5 and no salt, so passwords can be tried fast.',
      iv: 'Every message is encrypted with the same IV, so equal beginnings show and the key stream repeats.',
      tag: '{algorithm} is decrypted without its tag being checked, so changed data passes as genuine.',
      signature: 'A signature over {algorithm} can be moved to another text: collisions of that hash can be bought.',
      size: 'A {type} key of {bits} bits is too short; {minimum} is the least that holds.',
    },
  },

  check(model, report) {
    for (const { problem, span, data } of weakCiphers(model))
      report(span, problem, {
        data,
        severity: problem === 'iv' || problem === 'tag' ? 'warning' : 'error',
        anchor: problem,
      });
  },
});
