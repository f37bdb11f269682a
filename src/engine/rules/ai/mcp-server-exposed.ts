import { exposedTools } from '../../queries/ai/mcp-servers.ts';
import { defineRule } from '../rule.ts';

export const mcpServerExposed = defineRule({
  meta: {
    id: 'ai/mcp-server-exposed',
    theme: 'ai-automation',
    benefits: ['security', 'integration'],
    severity: 'error',
    confidence: 'medium',
    cwe: [306, 346, 350],
    owasp: ['A07:2025', 'LLM06:2025', 'API2:2023'],
    fix: 'guide',
    messages: {
      open: 'Whoever reaches {method} {path} can call the tools of this MCP server: nothing asks who is calling.',
      local:
        'Any page open in a browser can call the tools behind {method} {path}: neither caller nor host is checked.',
    },
  },

  check(model, report) {
    for (const { routes, listen, isLocal, evidence } of exposedTools(model)) {
      const { method, path, span } = routes.find(one => one.method === 'POST') ?? routes[0]!;
      report(span, isLocal ? 'local' : 'open', {
        data: { method, path },
        severity: isLocal ? 'warning' : 'error',
        evidence: [evidence, ...(listen ? [{ span: listen.span, message: 'the server listens here' }] : [])],
        anchor: path,
      });
    }
  },
});
