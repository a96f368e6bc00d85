import { type Keys, type NewKey, operator } from '../../src/core/keys.ts';
import type { Principal } from '../../src/core/principal.ts';
import { type GatewayUnderTest, makeGateway } from './make-gateway.ts';

export const adminKey = 'environment-admin-key-0123456789';

export interface KeysRig {
  readonly under: GatewayUnderTest;
  readonly keys: Keys;
  /** Makes a key that may chat and make keys, unless more is said. */
  make(wanted?: Partial<NewKey>, by?: Principal): Promise<{ id: string; secret: string }>;
}

/** Makes a gateway of its own for each test of a suite, with an admin key in its environment and 60 requests a minute. */
export function useKeys(): KeysRig {
  let under: GatewayUnderTest;
  beforeEach(async () => {
    under = await makeGateway({ settings: { adminKey, requestsPerMinute: 60 } });
  });
  afterEach(() => under.close());
  return {
    get under() {
      return under;
    },
    get keys() {
      return under.gateway.keys;
    },
    async make(wanted = {}, by = operator) {
      const { key, secret } = await under.gateway.keys.create(by, {
        name: 'shop',
        user: 'shop',
        scopes: ['chat', 'keys'],
        ...wanted,
      });
      return { id: key.id, secret };
    },
  };
}
