import { judgedUnits } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import { writtenOptions } from '../../link/written-options.ts';
import type { Span } from '../../model/span.ts';

/** Servers and clients that are told to read what is not valid HTTP: where the option stands. */
export function lenientParsers(model: Model): Span[] {
  const out: Span[] = [];
  for (const { path, facts } of judgedUnits(model))
    for (const { value, np } of writtenOptions(facts).get('insecureHTTPParser') ?? [])
      if (value.k === 'bool' && value.v) out.push({ file: path, start: np[0], end: value.p[1] });
  return out;
}
