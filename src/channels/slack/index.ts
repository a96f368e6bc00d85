/**
 * Slack: events, slash commands and interactions come in on one address, signed with one secret; messages go out by the Web
 * API. An app whose webhooks fail for an hour is switched off for everybody, so that
 * nothing authentic is ever refused.
 */
import type { Channel } from '../../core/ports/channel.ts';
import { createHttpClient } from '../wire/http-client.ts';
import { listSecrets } from '../wire/secrets.ts';
import { acknowledge } from './acknowledge.ts';
import { authenticate } from './authenticate.ts';
import { handshake } from './handshake.ts';
import { manifest } from './manifest.ts';
import { parse } from './parse.ts';
import { render } from './render.ts';
import { type Api, edit, send } from './send.ts';
import type { SlackSettings } from './settings.ts';

export type { SlackSettings } from './settings.ts';
export { sign as signSlackMessage } from './sign.ts';

export function createSlackChannel(settings: SlackSettings): Channel {
  const { apiRoot, botToken = '', clock } = settings;
  const secrets = listSecrets(settings.signingSecret);
  const client = createHttpClient(manifest.name, clock);
  const api: Api = { client, apiRoot, botToken, clock };
  const hookOrigins = ['https://hooks.slack.com', new URL(apiRoot).origin];
  return {
    manifest,
    configured: secrets.length > 0 && botToken !== '',
    authenticate: (webhook) => authenticate(webhook, secrets),
    handshake,
    parse: (webhook) => parse(webhook, hookOrigins),
    acknowledge,
    render,
    send: (outbound, signal) => send(api, outbound, signal),
    edit: (outbound, signal) => edit(api, outbound, signal),
    close: () => client.close(),
  };
}
