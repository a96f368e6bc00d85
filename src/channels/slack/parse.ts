import type { InboundEvent, RawWebhook } from '../../core/ports/channel.ts';
import { malformed } from '../wire/ignored.ts';
import { parseCommand } from './parse-command.ts';
import { parseEvent } from './parse-event.ts';
import { parseInteraction } from './parse-interaction.ts';
import { readBody } from './read-body.ts';

/** `hookOrigins` are those that an answer may be sent to by an address that stood in the webhook. */
export function parse(webhook: RawWebhook, hookOrigins: readonly string[]): InboundEvent[] {
  const body = readBody(webhook);
  switch (body.kind) {
    case 'event':
      return [parseEvent(body.envelope, webhook)];
    case 'command':
      return [parseCommand(body.form, webhook, hookOrigins)];
    case 'interaction':
      return [parseInteraction(body.payload, webhook, hookOrigins)];
    case 'malformed':
      return [malformed(webhook)];
  }
}
