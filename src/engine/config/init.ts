/** What `underpin init` writes: valid as it stands, with the settings people look for first as comments. */
export const INITIAL_CONFIG = `{
  // The command line ends with exit code 1 on findings of this severity or worse: error, warning, info, hint, never.
  "failOn": "error",

  // Routes that are meant to be open, and functions that check the caller under names of your own:
  // "publicRoutes": ["/health", "POST /login"],
  // "guards": ["src/auth.ts#requireUser"],

  // Functions of your own that untrusted values must not reach, come from ("sources") or are made harmless by
  // ("sanitizers"):
  // "flow": { "sinks": [{ "call": "src/db.ts#runSql", "argument": 0, "kind": "sql" }] },

  // "off", a severity, or { "severity": …, "confidence": … } for a rule; \`underpin rules\` lists them.
  "rules": {},

  // Files whose findings nobody needs, as globs relative to this file.
  "exclude": []
}
`;
