import { strict as assert } from 'node:assert';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ChatConnection, Question } from '../../src/cli/chat-connection.ts';
import { converse } from '../../src/cli/converse.ts';
import { Failure } from '../../src/cli/failure.ts';

/** Says back what it is asked, and fails where it is told to. */
function makeConnection(): ChatConnection & { asked: Question[]; lost: boolean } {
  const asked: Question[] = [];
  const connection = {
    asked,
    lost: false,
    async ask(question: Question, onText: (text: string) => void) {
      asked.push(question);
      if (question.text === 'refuse') throw new Failure('No.');
      if (question.text === 'lose') {
        connection.lost = true;
        throw new Failure('Gone.');
      }
      for (const word of question.text.split(' ')) onText(`<${word}>`);
      return { sessionId: question.sessionId ?? 's-new', model: 'echo' };
    },
    close: async () => {},
  };
  return connection;
}

async function talk(lines: string, first: Omit<Question, 'text'> = {}) {
  const connection = makeConnection();
  const input = new PassThrough();
  const output = new PassThrough();
  const prompts = new PassThrough();
  const leave = () => assert.fail('nobody interrupted');
  input.end(lines);
  const error = await converse(connection, first, { input, output, prompts, leave }).catch((thrown: unknown) => thrown);
  output.end();
  prompts.end();
  return { asked: connection.asked, output: await text(output), prompts: await text(prompts), error };
}

describe('a conversation', () => {
  it('goes on in the session that the first answer named', async () => {
    const { asked, output, prompts, error } = await talk('good morning\n\n  \nand you\n', { model: 'parrot' });
    assert.equal(error, undefined);
    assert.equal(output, '<good><morning>\n<and><you>\n');
    assert.match(prompts, /^> /);
    assert.deepEqual(asked, [
      { text: 'good morning', model: 'parrot' },
      { text: 'and you', model: 'parrot', sessionId: 's-new' },
    ]);
  });

  it('goes on in the session that was asked for', async () => {
    assert.equal((await talk('hello\n', { sessionId: 'notes' })).asked[0]?.sessionId, 'notes');
  });

  it('goes on after a refusal', async () => {
    const { output, prompts } = await talk('refuse\nagain\n');
    assert.equal(output, '<again>\n');
    assert.match(prompts, /No\.\n/);
  });

  it('ends when the gateway is gone', async () => {
    const { asked, error } = await talk('lose\nagain\n');
    assert.ok(error instanceof Failure && error.message === 'Gone.');
    assert.equal(asked.length, 1);
  });
});
