import type { Model } from '../engine/link/model.ts';
import type { Evidence } from '../engine/model/finding.ts';
import type { EvidenceId } from '../knowledge/evidence-ids.ts';
import { artefactEvidence } from './artefact-evidence.ts';
import { codeEvidence } from './code-evidence.ts';

/** Places that speak for something, best first; empty: not seen. */
export type Detector = (model: Model) => readonly Evidence[];

/** Places shown per kind of evidence; more would prove nothing more. */
const MOST = 5;

const DETECTORS: Readonly<Record<EvidenceId, Detector>> = { ...codeEvidence, ...artefactEvidence };

/** What the model shows in favour of trends and benefits, each kind looked for once. */
export function createEvidence(model: Model): (id: EvidenceId) => readonly Evidence[] {
  const known = new Map<EvidenceId, readonly Evidence[]>();
  return id => {
    let found = known.get(id);
    if (!found) {
      found = DETECTORS[id](model).slice(0, MOST);
      known.set(id, found);
    }
    return found;
  };
}
