import type { Prompt } from './prompt.ts';
import type { ModelProvider } from './provider.ts';
import type { Redaction } from './redact.ts';

/** Exactly what would be sent, for a person to read before the first send of a workspace. */
export interface PromptPreview {
  readonly text: string;
  readonly destination: string;
  readonly label: string;
  readonly tokens: number;
  readonly files: readonly string[];
  readonly deniedFiles: readonly string[];
  readonly redactions: readonly Redaction[];
}

/** Remembers, per workspace, where the user lets prompts go. A surface keeps it; the advisor only asks. */
export interface ConsentStore {
  isGranted(destination: string): Promise<boolean>;
  grant(destination: string): Promise<void>;
  /** Shows the preview and returns the user's decision. */
  ask(preview: PromptPreview): Promise<boolean>;
}

export function renderPrompt(prompt: Prompt, provider: ModelProvider): PromptPreview {
  return {
    text: prompt.messages.map(({ role, text }) => `[${role}]\n${text}`).join('\n\n'),
    destination: provider.destination,
    label: provider.label,
    tokens: prompt.tokens,
    files: prompt.files,
    deniedFiles: prompt.deniedFiles,
    redactions: prompt.redactions,
  };
}
