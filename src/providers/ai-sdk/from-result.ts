import type { ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import type { Result } from './ask.ts';
import { fromUsage } from './from-usage.ts';
import { refuseWarnings } from './from-warnings.ts';
import { mapFinishReason } from './map-finish-reason.ts';

/** A whole answer → its events. */
export function fromResult(result: Result, { responseFormat }: Pick<ProviderCall, 'responseFormat'>): ProviderEvent[] {
  refuseWarnings(result.warnings);
  const wantsJson = responseFormat !== undefined && responseFormat.type !== 'text';
  const text = (wantsJson ? structuredTextOf(result) : undefined) ?? textOf(result);
  const events: ProviderEvent[] = text === '' ? [] : [{ type: 'text', text }];
  let called = 0;
  for (const part of result.content) {
    if (part.type !== 'tool-call' || part.providerExecuted) continue;
    const { toolCallId: id, toolName: name, input } = part;
    events.push({ type: 'tool_call', index: called++, id, name, arguments: input || '{}' });
  }
  const usage = fromUsage(result.usage);
  const reason = mapFinishReason(result.finishReason, called > 0);
  events.push({ type: 'finish', reason, ...(usage ? { usage } : {}) });
  return events;
}

function textOf({ content }: Result): string {
  let text = '';
  for (const part of content) if (part.type === 'text') text += part.text;
  return text;
}

/** Without the drafts that some models write before it. */
function structuredTextOf(result: Result): string | undefined {
  return 'structuredOutputText' in result ? result.structuredOutputText : undefined;
}
