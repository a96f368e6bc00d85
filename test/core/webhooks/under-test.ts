import type { InboundEvent } from '../../../src/core/ports/channel.ts';
import type { StoredDelivery, StoredEvent } from '../../../src/core/ports/event-store.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import type { Principal } from '../../../src/core/principal.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { type GatewayOptions, type GatewayUnderTest, makeGateway } from '../../support/make-gateway.ts';
import {
  createScriptedChannel,
  inboundOf,
  type ScriptedChannel,
  type ScriptedChannelOptions,
  webhookOf,
} from '../../support/scripted-channel.ts';
import { steady } from '../../support/until.ts';

export interface WebhooksUnderTest extends GatewayUnderTest {
  channel: ScriptedChannel;
  /** Takes a webhook of one event, and answers what the store made of it. */
  push(more?: Partial<InboundEvent>): Promise<string>;
  /** Reads an event. */
  event(id: string): Promise<StoredEvent>;
  deliveries(id: string): Promise<StoredDelivery[]>;
  /** Turns the clock in steps of the workers' own, so that what is due is found, until it holds. */
  pass(ms: number): Promise<void>;
  /** Waits until nothing moves. */
  rest(): Promise<void>;
}

export interface WebhooksOptions extends Omit<GatewayOptions, 'channels'> {
  channel?: ScriptedChannelOptions;
  allowed?: readonly string[];
  principal?: Partial<Principal>;
  retryOnFailure?: boolean;
  verifySignature?: boolean;
}

export const bot: Principal = {
  user: 'bot',
  scopes: ['chat'],
  limits: { requestsPerMinute: 1000 },
  account: 'channel:scripted',
};

/** The real core and store around a channel that does what it is told; everybody may talk unless told otherwise. */
export async function makeWebhooks(options: WebhooksOptions = {}): Promise<WebhooksUnderTest> {
  const { clock = new HandClock(), allowed = ['*'] } = options;
  const channel = createScriptedChannel({ now: () => clock.now(), ...options.channel });
  let storeCalls = 0;
  let disk: Store | undefined;
  const around = (store: Store) => {
    disk = store;
    return counting((options.around ?? ((same) => same))(store), () => {
      storeCalls += 1;
    });
  };
  const under = await makeGateway({
    ...options,
    clock,
    around,
    channels: [channel],
    settings: {
      ...options.settings,
      webhooks: {
        verifySignature: options.verifySignature ?? true,
        retryOnFailure: options.retryOnFailure ?? true,
        principals: new Map([['scripted', { ...bot, ...options.principal }]]),
        allowed: new Map([['scripted', allowed]]),
      },
    },
  });
  const { store, gateway } = under;
  const activity = () => storeCalls + channel.calls.length;

  async function rest(): Promise<void> {
    for (let before = -1; before !== activity(); ) {
      before = await steady(activity);
      // The disk is waited for by no turn of the loop.
      await disk?.check();
      await steady(activity);
    }
  }

  async function event(id: string): Promise<StoredEvent> {
    const found = await store.getEvent(id);
    if (!found) throw new Error(`there is no event ${id}`);
    return found.event;
  }

  return {
    ...under,
    channel,
    event,
    rest,
    deliveries: async (id) => (await store.getEvent(id))?.deliveries ?? [],
    async push(more) {
      const inbound = inboundOf(more);
      await gateway.webhooks.receive('scripted', webhookOf([inbound]));
      const { items } = await store.listEvents({}, { limit: 200 });
      const stored = items.find(({ platformId }) => platformId === inbound.id);
      if (!stored) throw new Error('the event was not stored');
      return stored.id;
    },
    async pass(ms) {
      for (let left = ms; left > 0; left -= stepMs) {
        under.clock.advance(Math.min(left, stepMs));
        await rest();
      }
    },
    async close() {
      const drained = gateway.drain(0);
      under.clock.advance(5000);
      await drained;
      await under.close();
    },
  };
}

const stepMs = 500;

/** The same store, with a word for each call. */
function counting(store: Store, count: () => void): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        count();
        const answer: unknown = Reflect.apply(value, target, given);
        if (answer instanceof Promise) answer.then(count, count);
        return answer;
      };
    },
  });
}
