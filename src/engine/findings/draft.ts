import type { Finding } from '../model/finding.ts';

/** A finding as a rule reports it, before it is told apart from its equals. */
export interface FindingDraft extends Omit<Finding, 'fingerprint'> {
  /** The place in words that survive edits: enclosing symbol, route or artefact path, such as `GET /orders` or `spec.containers.api`. */
  readonly anchor: string;
}

/** What the findings layer needs to know about a rule. */
export type RuleTag = Pick<Finding, 'theme' | 'benefits'>;
