/**
 * Who hears of what. The whole transport listens to the bus once and finds the listeners by user, so that an event costs
 * nothing to those it does not concern, and is made into text once a version.
 */
import type { Message } from '../../core/message.ts';
import type { Bus, GatewayEvent } from '../../core/ports/bus.ts';
import { hasScopes } from '../../core/principal.ts';
import { toMessage } from '../../handlers/to-message.ts';
import type { Version } from '../../versions/version.ts';
import type { Connection, Hears } from './connection.ts';
import type { Outbox } from './outbox.ts';

export interface Subscriptions {
  /** In place of what the connection heard of before. */
  set(connection: Connection, hears: Hears): void;
  remove(connection: Connection): void;
  close(): void;
}

export function createSubscriptions(bus: Bus, outbox: Outbox): Subscriptions {
  const byUser = new Map<string, Set<Connection>>();

  function tell(listeners: Iterable<Connection>, toFrame: (version: Version) => object): void {
    const texts = new Map<Version, string>();
    for (const connection of listeners) {
      const { version } = connection;
      const text = texts.get(version) ?? outbox.toText(version, toFrame(version));
      texts.set(version, text);
      outbox.tell(connection, text);
    }
  }

  function hear(event: GatewayEvent): void {
    switch (event.type) {
      case 'message': {
        const { sessionId, message } = event;
        const listeners = listenersOf(event.user, (one) => one.hears?.message === true && !isOwn(one, message));
        if (listeners.length > 0) {
          const said = toMessage(message);
          tell(listeners, (version) => version.frames.said(sessionId, said));
        }
        return;
      }
      case 'run': {
        const run = { id: event.runId, sessionId: event.sessionId, state: event.state };
        const listeners = listenersOf(event.user, hearsStatus);
        tell(listeners, () => ({ type: 'status', run }));
        return;
      }
      case 'provider':
      case 'channel': {
        const { type, name, state } = event;
        const listeners = [...byUser.keys()].flatMap((user) => listenersOf(user, hearsOfParts));
        tell(listeners, () => ({ type: 'status', [type]: { name, state } }));
      }
    }
  }

  function listenersOf(user: string, wanted: (connection: Connection) => boolean): Connection[] {
    const connections = byUser.get(user);
    return connections ? [...connections].filter(wanted) : [];
  }

  function remove(connection: Connection): void {
    const user = connection.principal?.user;
    if (user === undefined || connection.hears === undefined) return;
    connection.hears = undefined;
    const connections = byUser.get(user);
    connections?.delete(connection);
    if (connections?.size === 0) byUser.delete(user);
  }

  const close = bus.subscribe(hear);

  return {
    set(connection, hears) {
      remove(connection);
      const user = connection.principal?.user;
      if (user === undefined || (!hears.message && !hears.status)) return;
      connection.hears = hears;
      const connections = byUser.get(user) ?? new Set();
      byUser.set(user, connections.add(connection));
    },
    remove,
    close,
  };
}

/** The socket that asked has question and answer already; hearing them again would look like another turn. */
function isOwn(connection: Connection, { runId }: Message): boolean {
  if (runId === undefined) return false;
  for (const exchange of connection.exchanges ?? []) if (exchange.runId === runId) return true;
  return false;
}

function hearsStatus({ hears }: Connection): boolean {
  return hears?.status === true;
}

function hearsOfParts({ hears, principal }: Connection): boolean {
  return hears?.status === true && principal !== undefined && hasScopes(principal, ['status']);
}
