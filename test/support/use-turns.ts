import type { Gateway } from '../../src/core/gateway.ts';
import { type GatewayUnderTest, makeGateway } from './make-gateway.ts';
import { createScriptedProvider, finish, type ScriptedProvider, type Step, text } from './scripted-provider.ts';

export interface TurnsRig {
  readonly under: GatewayUnderTest;
  readonly gateway: Gateway;
  /** The candidates of the only model, in their order. */
  readonly first: ScriptedProvider;
  readonly second: ScriptedProvider;
  /** What each of them does when it is asked. */
  scripts: [readonly Step[], readonly Step[]];
  /** How long the first one takes to begin. */
  takesMs: number;
  /** The name of a session that nobody has yet. */
  freshSession(): string;
}

/** One gateway with two providers for a whole suite; what they do is set anew for each test. */
export function useTurns(): TurnsRig {
  let under: GatewayUnderTest;
  let sessions = 0;
  const first = createScriptedProvider(
    () => {
      under.clock.advance(rig.takesMs);
      return rig.scripts[0];
    },
    { name: 'first', models: ['model-a'] },
  );
  const second = createScriptedProvider(() => rig.scripts[1], { name: 'second', models: ['model-b'] });
  const rig: TurnsRig = {
    get under() {
      return under;
    },
    get gateway() {
      return under.gateway;
    },
    first,
    second,
    scripts: [[], []],
    takesMs: 0,
    freshSession: () => `session-${++sessions}`,
  };

  // A gateway for each test: what failed in one would keep the next away from its provider.
  beforeEach(async () => {
    under = await makeGateway({
      providers: [first, second],
      settings: { models: { default: 'model-a', routes: { 'model-a': ['first/model-a', 'second/model-b'] } } },
    });
  });
  afterEach(() => under.close());
  beforeEach(() => {
    for (const list of [first.calls, second.calls, under.told, under.metrics.calls, under.log.lines]) list.length = 0;
    rig.takesMs = 0;
    rig.scripts = [
      [text('Hello'), text(' there'), finish],
      [text('I am'), text(' the second'), finish],
    ];
  });
  return rig;
}

/** Which providers changed their state. */
export function providerNews({ told }: GatewayUnderTest): string[] {
  return told.flatMap((event) => (event.type === 'provider' ? [`${event.name} ${event.state}`] : []));
}
