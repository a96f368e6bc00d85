/** Tells every interested connection, on this gateway and later on others, what happened. Delivery is best effort. */
export interface Bus {
  publish(event: GatewayEvent): void;
  /** Hears every event from now on; returns the function that ends it. */
  subscribe(listener: (event: GatewayEvent) => void): () => void;
}

import type { Message } from '../message.ts';
import type { RunState } from '../run.ts';

export type GatewayEvent =
  | { type: 'message'; user: string; sessionId: string; message: Message }
  | { type: 'run'; user: string; sessionId: string; runId: string; state: RunState }
  | { type: 'provider'; name: string; state: string }
  | { type: 'channel'; name: string; state: string };
