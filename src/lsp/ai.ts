import type { Finding } from '../engine/model/finding.ts';
import type { Folder } from './folder.ts';
import type { AiAnswer, AiPreview, AiSettings } from './protocol.ts';

/** The advisor as the server's requests need it. */
export interface Ai {
  /** Ids of the models the endpoint offers; rejects with a message that names the setting to look at. */
  models(settings: AiSettings, signal: AbortSignal): Promise<readonly string[]>;
  preview(folder: Folder, finding: Finding, signal: AbortSignal): Promise<AiPreview | null>;
  suggest(folder: Folder, finding: Finding, report: (message: string) => void, signal: AbortSignal): Promise<AiAnswer>;
}
