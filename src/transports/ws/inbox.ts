import { GatewayError } from '../../core/errors.ts';
import type { Keys } from '../../core/keys.ts';
import type { VersionUseCounts } from '../../core/version-use.ts';
import type { Contract } from '../../versions/contract.ts';
import type { MessageReceived } from './answers.ts';
import type { Connection } from './connection.ts';
import type { Flood } from './flood.ts';
import type { Outbox } from './outbox.ts';
import type { Received } from './read-frame.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface InboxParts {
  keys: Keys;
  versionUse: VersionUseCounts;
  contract: Contract;
  flood: Flood;
  outbox: Outbox;
  subscriptions: Subscriptions;
  answer(connection: Connection, received: MessageReceived): void;
}

/** Takes one frame of a connection that has authenticated. Whatever goes wrong with it is its own and nobody else's. */
export function createInbox(parts: InboxParts): (connection: Connection, received: Received) => void {
  const { keys, contract, flood, outbox, subscriptions } = parts;

  function subscribe(connection: Connection, events: unknown, id: string | undefined): void {
    const { principal, version } = connection;
    if (principal) parts.versionUse.count(principal, version.date, 'subscribe', []);
    const named = Array.isArray(events) ? events : [];
    subscriptions.set(connection, { message: named.includes('message'), status: named.includes('status') });
    outbox.say(connection, { type: 'subscribed', events: named, ...withId(id) });
  }

  function takeFree(connection: Connection, received: Exclude<Received, { type: 'message' }>): void {
    const { id } = received;
    if (!flood.affords(connection, id)) return;
    if (received.type === 'invalid') throw received.error;
    contract.checkFrame(connection.version, received.type, received.frame);
    switch (received.type) {
      case 'ping':
        outbox.say(connection, { type: 'pong', ...withId(id) });
        return;
      case 'subscribe':
        subscribe(connection, received.frame.events, id);
        return;
      case 'auth':
        throw new GatewayError('INVALID_REQUEST', 'The connection is authenticated already. Open another.');
    }
  }

  return (connection, received) => {
    if (connection.principal && !keys.isGood(connection.principal)) {
      return outbox.dismiss(connection, new GatewayError('UNAUTHORIZED', 'The key is no longer valid.'));
    }
    try {
      if (received.type === 'message') parts.answer(connection, received);
      else takeFree(connection, received);
    } catch (error) {
      outbox.fail(connection, error, { id: received.id });
    }
  };
}

function withId(id: string | undefined): { id?: string } {
  return id === undefined ? {} : { id };
}
