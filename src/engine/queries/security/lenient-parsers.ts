import type { Model } from '../../link/model.ts';
import { writtenOptions } from '../../link/written-options.ts';
import type { Span } from '../../model/span.ts';

/** Servers and clients that are told to read what is not valid HTTP: where the option stands. */
export function lenientParsers({ program, isJudged }: Model): Span[] {
  const out: Span[] = [];
  for (const { path, facts } of program.units.values())
    if (isJudged(path) && !facts.generated)
      for (const { value, np } of writtenOptions(facts).get('insecureHTTPParser') ?? [])
        if (value.k === 'bool' && value.v) out.push({ file: path, start: np[0], end: value.p[1] });
  return out;
}
