import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { ModelProvider } from '../../models/port.ts';

/** Types of connections that lead to models. A further provider is a line here and a line below. */
export const MODEL_CONNECTIONS = ['openai', 'anthropic', 'gemini'] as const;

const OPEN: Readonly<Record<string, () => Promise<(ctx: NodeContext) => Promise<ModelProvider>>>> = {
  openai: async () => (await import('../../openai/models.ts')).openAiModels,
  anthropic: async () => (await import('../../anthropic/models.ts')).anthropicModels,
  gemini: async () => (await import('../../gemini/models.ts')).geminiModels,
};

/**
 * Opens the provider of models that the step's connection leads to.
 *
 * @throws NodeError `connection.missing`, `connection.type`, `connection.invalid`, `connection.host`
 */
export async function openModel(ctx: NodeContext): Promise<ModelProvider> {
  const types = MODEL_CONNECTIONS.join(', ');
  if (ctx.connection === null) {
    throw new NodeError(
      'connection.missing',
      `This node needs a connection to a provider of models (${types}): name one in "connection".`,
    );
  }
  const open = OPEN[ctx.connection.type];
  if (open === undefined) {
    const { name, type } = ctx.connection;
    throw new NodeError('connection.type', `The connection "${name}" is of type ${type}; this node takes ${types}.`);
  }
  return (await open())(ctx);
}
