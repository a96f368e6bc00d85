import assert from 'node:assert/strict';
import type { OperationId } from '../../generated/operations.ts';
import { operator } from '../../src/core/keys.ts';
import type { Input, Sent } from '../../src/handlers/handler.ts';
import { said } from './contract.ts';
import { type GatewayUnderTest, makeGateway } from './make-gateway.ts';
import { type PerformOptions, perform } from './perform.ts';
import { createScriptedChannel } from './scripted-channel.ts';
import { createScriptedProvider, finish, type ScriptedProvider, type Step, text } from './scripted-provider.ts';

export interface HandlersRig {
  readonly under: GatewayUnderTest;
  readonly provider: ScriptedProvider;
  /** What the provider does when it is asked. */
  script: readonly Step[];
  /** Performs an operation for the operator and holds its answer against the newest contract. */
  answer<Id extends OperationId>(id: Id, input: Input<Id>, more?: Partial<PerformOptions>): Promise<Sent<Id>>;
}

export const nothing = { path: {}, query: {}, body: undefined };

/** Makes a gateway of its own for each test of a suite. */
export function useHandlers(): HandlersRig {
  let under: GatewayUnderTest;
  let provider: ScriptedProvider;
  const rig: HandlersRig = {
    get under() {
      return under;
    },
    get provider() {
      return provider;
    },
    script: [],
    async answer(id, input, more = {}) {
      const sent = await perform(under.gateway, id, input, { principal: operator, ...more });
      const types = said['2026-11-01'].answers[id]?.[String(sent.status)];
      const validate = types?.['application/json'];
      assert.ok(types, `${id} may not answer ${sent.status}`);
      if (sent.text) assert.ok(Object.hasOwn(types, sent.text.contentType));
      else if (validate) assert.ok(validate(sent.body), `${id}: ${JSON.stringify(validate.errors)}`);
      else assert.equal(typeof sent.body, 'string');
      return sent;
    },
  };

  beforeEach(async () => {
    rig.script = [text('yes'), finish];
    provider = createScriptedProvider(() => rig.script);
    under = await makeGateway({ providers: [provider], channels: [createScriptedChannel()] });
  });
  afterEach(() => under.close());
  return rig;
}
