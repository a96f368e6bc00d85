import assert from 'node:assert/strict';
import type { ApiVersion } from '../../generated/operations.ts';
import type { ContractChatRequest } from '../../src/handlers/from-chat-request.ts';
import { toEvent } from '../../src/handlers/to-event.ts';
import type { ContractRun } from '../../src/handlers/to-run.ts';
import { defaultVersion, versions } from '../../src/versions/index.ts';
import { createNegotiate } from '../../src/versions/negotiate.ts';
import { newest } from '../../src/versions/newest.ts';
import type { Version } from '../../src/versions/version.ts';
import { alice, ask, makeGateway, runToEnd } from '../support/make-gateway.ts';
import { perform } from '../support/perform.ts';

/** A version in which `input` is called `prompt`, the run's `sessionId` is `conversation`, and text comes as `piece`. */
const renaming: Version = {
  ...newest,
  // The type is made from the contract, which does not have this version.
  date: '2026-07-01' as ApiVersion,
  family: 'v9',
  changes: [{ title: '`prompt` is `input`', migration: 'Rename it.' }],
  request: (operation, body) => (operation === 'createChat' ? toInput(body) : body),
  answer: (operation, body) => (operation === 'createChat' ? toConversation(body as ContractRun) : body),
  events: (event) =>
    event.type === 'message.delta' ? [{ name: 'piece', data: { piece: event.text } }] : newest.events(event),
};

function toInput(body: unknown): ContractChatRequest {
  const { prompt, ...rest } = body as { prompt: string };
  return { ...rest, input: [{ type: 'text', text: prompt }] };
}

function toConversation({ sessionId, ...run }: ContractRun): object {
  return { ...run, conversation: sessionId };
}

describe('another version', () => {
  const negotiate = createNegotiate([...versions, renaming], defaultVersion, () => 0);

  it('is found by its path, its date and a pin, beside the others', () => {
    assert.equal(negotiate({ family: 'v9' }), renaming);
    assert.equal(negotiate({ header: '2026-07-01' }), renaming);
    assert.equal(negotiate({ pin: '2026-07-01' }), renaming);
    for (const version of versions) assert.equal(negotiate({ family: version.family }), version);
    assert.throws(() => negotiate({ header: '1999-01-01' }), /2026-07-01/);
  });

  it('needs its own mappings and nothing of handlers or core', async () => {
    const under = await makeGateway();
    const version = negotiate({ family: 'v9' });
    const body = version.request('createChat', { prompt: 'hi', sessionId: 's1' }) as ContractChatRequest;
    const sent = await perform(under.gateway, 'createChat', { path: {}, query: {}, body }, { principal: alice });
    const answer = version.answer('createChat', sent.body, 0);
    assert.ok(typeof answer === 'object' && answer !== null && 'conversation' in answer);
    assert.equal(answer.conversation, 's1');
    assert.equal('sessionId' in answer, false);

    const { events } = await runToEnd(under.gateway, ask('hi'));
    assert.deepEqual(
      events.flatMap((event) => version.events(toEvent(event)).map(({ name }) => name)),
      ['run.started', 'piece', 'piece', 'run.completed'],
    );
    await under.close();
  });
});
