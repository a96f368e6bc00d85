/**
 * Discord, by interactions: commands, buttons and forms come in, signed with Ed25519; the answer replaces the deferral that
 * was their acknowledgement. An interaction's token is as good as a password for a quarter of an hour, and goes nowhere
 * but into the address of the answer.
 */
import type { Channel } from '../../core/ports/channel.ts';
import { createHttpClient } from '../wire/http-client.ts';
import { acknowledge, apologize } from './acknowledge.ts';
import { authenticate } from './authenticate.ts';
import { handshake } from './handshake.ts';
import { manifest } from './manifest.ts';
import { parse } from './parse.ts';
import { readPublicKeys } from './public-key.ts';
import { render } from './render.ts';
import { type Api, edit, send } from './send.ts';
import type { DiscordSettings } from './settings.ts';

export type { DiscordSettings } from './settings.ts';
export { sign as signDiscordMessage } from './sign.ts';

export function createDiscordChannel(settings: DiscordSettings): Channel {
  const { apiRoot, applicationId = '', botToken = '', clock } = settings;
  const keys = readPublicKeys(settings.publicKey);
  const client = createHttpClient(manifest.name, clock);
  const api: Api = { client, apiRoot, botToken, clock };
  return {
    manifest,
    configured: keys.length > 0 && applicationId !== '' && botToken !== '',
    authenticate: (webhook) => authenticate(webhook, keys),
    handshake,
    parse: (webhook) => parse(webhook, applicationId),
    acknowledge,
    apologize,
    render,
    send: (outbound, signal) => send(api, outbound, signal),
    edit: (outbound, signal) => edit(api, outbound, signal),
    close: () => client.close(),
  };
}
