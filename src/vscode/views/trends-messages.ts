import type { FindingRef, Place, TrendsOfFolder } from '../../lsp/protocol.ts';
import type { NextStep } from '../../session/api.ts';

/** What the extension tells the Trends view. */
export interface TrendsState {
  readonly phase: 'loading' | 'ready' | 'failed' | 'no-folder';
  readonly folders: readonly TrendsOfFolder[];
}

/** What the Trends view asks of the extension. */
export type TrendsRequest =
  | { readonly kind: 'ready' }
  | { readonly kind: 'open'; readonly place: Place }
  | { readonly kind: 'page'; readonly id: string }
  | { readonly kind: 'step'; readonly folder: string; readonly action: NextStep['action'] }
  | { readonly kind: 'explain'; readonly finding: FindingRef }
  | { readonly kind: 'command'; readonly command: ViewCommand };

export type ViewCommand = 'scanWorkspace' | 'showFindings' | 'restartServer' | 'openFolder' | 'openSettings';
