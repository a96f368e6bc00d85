import assert from 'node:assert/strict';
import { createModels, type Models, type ModelsSettings } from '../../src/core/models.ts';
import type { Provider } from '../../src/core/ports/provider.ts';
import type { ProviderStates } from '../../src/core/provider-states.ts';
import { HandClock } from '../support/hand-clock.ts';
import { isError } from '../support/is-error.ts';
import { alice } from '../support/make-gateway.ts';
import { createScriptedProvider } from '../support/scripted-provider.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const handClock = new HandClock();

const openai = createScriptedProvider([], { name: 'openai', models: ['gpt', 'shared'] });
const local = createScriptedProvider([], { name: 'local', models: ['llama', 'shared'] });
const absent = createScriptedProvider([], { name: 'absent', models: ['claude', 'gpt'], configured: false });

const unused = () => assert.fail('not for models to do');
const allUp: ProviderStates = { isUp: () => true, all: unused, succeeded: unused, failed: unused, watch: unused };

function modelsOf(settings: Partial<ModelsSettings> = {}, up: string[] = ['openai', 'local']): Models {
  const providers: Provider[] = [openai, local, absent];
  const states = { ...allUp, isUp: (name: string) => up.includes(name) };
  return createModels(
    { providers, states, clock: handClock, random: createSeededRandom() },
    { default: 'gpt', routes: {}, ...settings },
  );
}

function targets(models: Models, model: string): string[] {
  return models.candidates(alice, model).map((candidate) => `${candidate.provider.name}/${candidate.model}`);
}

describe('models', () => {
  it('are answered by each configured provider that has them, in the order of the configuration', () => {
    assert.deepEqual(targets(modelsOf(), 'shared'), ['openai/shared', 'local/shared']);
    assert.deepEqual(targets(modelsOf(), 'gpt'), ['openai/gpt']);
  });

  it('are answered by the candidates of their route, in its order and under the names it gives', () => {
    const routes = {
      best: ['absent/claude', 'local/llama', 'openai/gpt'],
      shared: ['local/shared'],
      dated: ['local/org/llama:70b'],
    };
    assert.deepEqual(targets(modelsOf({ routes }), 'best'), ['local/llama', 'openai/gpt']);
    assert.deepEqual(
      targets(modelsOf({ routes }), 'shared'),
      ['local/shared'],
      'a route takes the place of what was there',
    );
    assert.deepEqual(targets(modelsOf({ routes }), 'dated'), ['local/org/llama:70b']);
  });

  it('that nobody has are not found, whatever JavaScript thinks of the name', () => {
    for (const name of ['nothing', 'constructor', '__proto__', 'toString', '']) {
      assert.throws(() => modelsOf().candidates(alice, name), isError('MODEL_NOT_FOUND'));
    }
  });

  it('that only unconfigured providers have cannot be asked', () => {
    assert.throws(() => modelsOf().candidates(alice, 'claude'), isError('PROVIDER_UNAVAILABLE'));
  });

  it('outside a key’s own are forbidden, also by way of a route to one of its own', () => {
    const limited = { ...alice, models: ['gpt'] };
    const models = modelsOf({ routes: { best: ['openai/gpt'] } });
    assert.equal(models.candidates(limited, 'gpt').length, 1);
    assert.throws(() => models.candidates(limited, 'shared'), isError('FORBIDDEN'));
    assert.throws(() => models.candidates(limited, 'best'), isError('FORBIDDEN'));
    assert.deepEqual(
      models.list(limited).map(({ id }) => id),
      ['gpt'],
    );
  });

  it('are listed where somebody is configured for them, each once', () => {
    const list = modelsOf({ routes: { best: ['openai/gpt', 'openai/shared', 'local/llama'] } }, ['local']).list(alice);
    assert.deepEqual(list, [
      { id: 'best', providers: ['openai', 'local'], default: false, available: true },
      { id: 'gpt', providers: ['openai', 'absent'], default: true, available: false },
      { id: 'shared', providers: ['openai', 'local'], default: false, available: true },
      { id: 'llama', providers: ['local'], default: false, available: true },
    ]);
  });

  it('have a default', () => assert.equal(modelsOf({ default: 'llama' }).defaultModel, 'llama'));

  it('are found at a provider with a name of one letter', () => {
    const models = createModels(
      {
        providers: [createScriptedProvider([], { name: 'x' })],
        states: allUp,
        clock: handClock,
        random: createSeededRandom(),
      },
      {
        default: 'm',
        routes: { m: ['x/m'] },
      },
    );
    assert.deepEqual(targets(models, 'm'), ['x/m']);
  });

  for (const target of ['nobody/gpt', 'gpt', '/gpt', '']) {
    it(`stop the start when a route names ${JSON.stringify(target)}`, () => {
      assert.throws(() => modelsOf({ routes: { best: [target] } }), /Route best names/);
    });
  }
});
