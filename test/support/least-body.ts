import type { DocumentName, OperationId } from '../../generated/operations.ts';

/** The least that the operation takes; undefined where it takes nothing. */
export function leastBody(date: DocumentName, id: OperationId): Record<string, unknown> | undefined {
  switch (id) {
    case 'createChat':
      return date === '2026-03-01'
        ? { channel: 'api', message: 'hello' }
        : { input: [{ type: 'text', text: 'hello' }] };
    case 'changeSession':
      return { action: 'rename', title: 'Title' };
    case 'createKey':
      return { name: 'k', user: 'ann', scopes: ['chat'] };
    case 'createChatCompletion':
      return { model: 'steady', messages: [{ role: 'user', content: 'hello' }] };
    case 'createResponse':
      return { input: 'hello' };
    case 'createEmbeddings':
      return { model: 'forwarding', input: 'hello' };
    case 'createMessage':
      return { model: 'steady', max_tokens: 16, messages: [{ role: 'user', content: 'hello' }] };
    case 'countMessageTokens':
      return { model: 'steady', messages: [{ role: 'user', content: 'hello' }] };
    case 'rotateKey':
      return { graceSeconds: 1 };
    default:
      return undefined;
  }
}
