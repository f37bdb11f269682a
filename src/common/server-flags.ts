/**
 * Flags for the Node that runs the language server. Larger half-spaces for young objects make the collector move fewer
 * short-lived ones to the old space, which is where the peak comes from.
 */
export const SERVER_FLAGS: readonly string[] = ['--max-semi-space-size=32'];
