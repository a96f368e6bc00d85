import { GatewayError } from '../../src/core/errors.ts';
import type { Gateway } from '../../src/core/gateway.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { type GatewayUnderTest, makeGateway } from './make-gateway.ts';
import { createScriptedProvider, finish, type ScriptedProvider, type Step, text } from './scripted-provider.ts';

export interface RunsRig {
  readonly under: GatewayUnderTest;
  readonly gateway: Gateway;
  readonly provider: ScriptedProvider;
  /** What the provider does at its call of this number. */
  script: (index: number) => readonly Step[];
  /** Stands in for methods of the store for as long as a test wants. */
  broken: Partial<Store>;
}

/** Makes a gateway of its own for each test of a suite. */
export function useRuns(): RunsRig {
  let under: GatewayUnderTest;
  let provider: ScriptedProvider;
  const rig: RunsRig = {
    get under() {
      return under;
    },
    get gateway() {
      return under.gateway;
    },
    get provider() {
      return provider;
    },
    script: () => [],
    broken: {},
  };

  beforeEach(async () => {
    rig.script = () => [text('yes'), finish];
    rig.broken = {};
    provider = createScriptedProvider((_, index) => rig.script(index));
    under = await makeGateway({ providers: [provider], around: (store) => orBroken(store, rig) });
  });
  afterEach(() => under.close());
  return rig;
}

function orBroken(store: Store, rig: RunsRig): Store {
  return new Proxy(store, { get: (target, name) => Reflect.get(rig.broken, name) ?? Reflect.get(target, name) });
}

/** A method of a store whose disk is full. */
export async function storeFails(): Promise<never> {
  throw new GatewayError('STORE_UNAVAILABLE', 'disk full');
}
