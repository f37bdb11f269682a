import type { Flow } from '../../flow/flow.ts';

/** Whether a target's host is the one that the browser asked for: `https://${req.hostname}/…` leads back to it. */
export function leadsBack({ source, before }: Flow): boolean {
  return /^https?:\/\/$/.test(before) && (/[#.]host(?:name)?$/.test(source.api) || isHostHeader(source));
}

function isHostHeader({ part, path, text }: Flow['source']): boolean {
  return part === 'headers' && (path.at(-1) === 'host' || /\(['"]host['"]\)$/i.test(text));
}
