import { type Fence, fences, splitSections } from './markdown.ts';

export interface SampleFile {
  readonly file: string;
  readonly language: string;
  readonly text: string;
}

/** The workspace that a `## Bad` or `## Good` section describes. */
export interface RuleSample {
  readonly verdict: 'bad' | 'good';
  readonly files: readonly SampleFile[];
}

/**
 * The executable samples of a rule page: all `file=` fences of one section form one workspace, and a rule must speak on
 * the bad one and stay silent on the good one. Takes the whole page or its body.
 */
export function ruleSamples(markdown: string): readonly RuleSample[] {
  return splitSections(markdown).sections.flatMap(({ heading, text }): RuleSample[] => {
    const verdict = heading === 'Bad' ? 'bad' : heading === 'Good' ? 'good' : undefined;
    return verdict ? [{ verdict, files: sampleFiles(text) }] : [];
  });
}

/** The `file=` fences of any Markdown. */
export function sampleFiles(markdown: string): readonly SampleFile[] {
  return fences(markdown).filter(hasFile);
}

function hasFile(fence: Fence): fence is SampleFile {
  return fence.file !== undefined;
}
