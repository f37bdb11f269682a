import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { optionOf } from './shared/options.ts';

const client =
  (provider: string): OperationReader =>
  call => ({ kind: 'llm-client', args: { options: call.arg(0) }, is: { provider } });
const use =
  (provider: string): OperationReader =>
  call => ({ kind: 'llm-call', args: { options: call.arg(0), request: call.arg(1) }, is: { provider } });

/** `tool({ …, execute })`; since version 6 of the AI SDK a person can be asked first. */
const tool =
  (provider: string, approval: string | undefined): OperationReader =>
  call => ({
    kind: 'llm-tool',
    args: { definition: call.arg(0), run: optionOf(call.arg(0), 'execute') ?? optionOf(call.arg(0), 'invoke') },
    is: { provider, approval },
  });

/** Calls of language models, by provider SDK and by the toolkits over them. */
export const llm = defineAdapter({
  id: 'llm',
  title: 'Language models',
  docs: 'https://github.com/openai/openai-node',
  packages: ['openai', '@anthropic-ai/sdk', 'ai', '@google/genai', '@google/generative-ai', 'groq-sdk', 'cohere-ai'],
  aliases: {
    'openai.OpenAI': 'openai',
    'openai.AzureOpenAI': 'openai',
    '@anthropic-ai/sdk.Anthropic': '@anthropic-ai/sdk',
    'groq-sdk.Groq': 'groq-sdk',
    '@langchain/openai.OpenAI': '@langchain/openai.ChatOpenAI',
    '@langchain/openai.ChatOpenAI': 'langchain.Chat',
    '@langchain/anthropic.ChatAnthropic': 'langchain.Chat',
    '@langchain/google-genai.ChatGoogleGenerativeAI': 'langchain.Chat',
    '@langchain/mistralai.ChatMistralAI': 'langchain.Chat',
    'langchain/chat_models/openai.ChatOpenAI': 'langchain.Chat',
    '@google/generative-ai.GoogleGenerativeAI#getGenerativeModel()': '@google/generative-ai.GenerativeModel',
  },
  operations: {
    openai: client('openai'),
    'openai#chat.completions.create': use('openai'),
    'openai#chat.completions.parse': use('openai'),
    'openai#chat.completions.stream': use('openai'),
    'openai#beta.chat.completions.parse': use('openai'),
    'openai#responses.create': use('openai'),
    'openai#responses.parse': use('openai'),
    'openai#responses.stream': use('openai'),
    'openai#completions.create': use('openai'),
    'openai#images.generate': use('openai'),
    '@anthropic-ai/sdk': client('anthropic'),
    '@anthropic-ai/sdk#messages.create': use('anthropic'),
    '@anthropic-ai/sdk#messages.stream': use('anthropic'),
    '@anthropic-ai/sdk#beta.messages.create': use('anthropic'),
    'groq-sdk': client('groq'),
    'groq-sdk#chat.completions.create': use('groq'),
    '@google/genai.GoogleGenAI': client('google'),
    '@google/genai.GoogleGenAI#models.generateContent': use('google'),
    '@google/genai.GoogleGenAI#models.generateContentStream': use('google'),
    '@google/generative-ai.GoogleGenerativeAI': client('google'),
    '@google/generative-ai.GenerativeModel#generateContent': use('google'),
    '@google/generative-ai.GenerativeModel#generateContentStream': use('google'),
    'cohere-ai.CohereClient': client('cohere'),
    'cohere-ai.CohereClient#chat': use('cohere'),
    '@mistralai/mistralai.Mistral': client('mistral'),
    '@mistralai/mistralai.Mistral#chat.complete': use('mistral'),
    'langchain.Chat': client('langchain'),
    'langchain.Chat#invoke': use('langchain'),
    'langchain.Chat#stream': use('langchain'),
    'ai.tool': tool('ai-sdk', 'needsApproval'),
    'ai.dynamicTool': tool('ai-sdk', 'needsApproval'),
    '@openai/agents.tool': tool('openai-agents', 'needsApproval'),
    '@langchain/core/tools.tool': call => ({
      kind: 'llm-tool',
      args: { definition: call.arg(1), run: call.arg(0) },
      is: { provider: 'langchain' },
    }),
    'ai.generateText': use('ai-sdk'),
    'ai.streamText': use('ai-sdk'),
    'ai.generateObject': use('ai-sdk'),
    'ai.streamObject': use('ai-sdk'),
  },
});
