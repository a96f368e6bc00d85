import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { OutboundSend, ReplyTarget } from '../../../src/core/ports/channel.ts';
import { makeSlack, slackError } from './subject.ts';

describe('slack: what is sent', () => {
  const { signal } = new AbortController();
  const path = '/commands/T1/2/secret-of-the-hook';
  let slack: Awaited<ReturnType<typeof makeSlack>>;
  const outbound = (text: string, more: Partial<OutboundSend> = {}): OutboundSend => ({
    target: slack.target(),
    chunk: slack.channel.render(text)[0] ?? assert.fail(),
    plain: false,
    deliveryId: 'evt_1.0',
    first: true,
    ...more,
  });
  const outside = (): ReplyTarget => ({
    address: { channel: 'C9', hook: slack.fake.url + path, hookUntil: String(slack.clock.now() + 60_000) },
  });
  const paths = () => slack.fake.requests.map((request) => request.path);

  beforeEach(async () => {
    slack = await makeSlack();
  });
  afterEach(async () => {
    await slack.channel.close();
    await slack.fake.close();
  });

  it('keeps the thread on every chunk', async () => {
    const { channel, fake } = slack;
    await channel.send(outbound('one'), signal);
    await channel.send(outbound('two', { first: false }), signal);
    for (const { fields } of fake.requests) {
      assert.deepEqual([fields.channel, fields.thread_ts], ['C1', '1699999999.000100']);
      assert.deepEqual([fields.unfurl_links, fields.unfurl_media], [false, false]);
    }
  });

  it('calls nobody, whatever a model writes: in its dialect, in plain, in code, in a link', async () => {
    const { channel, fake } = slack;
    const calls = '<!channel> <!here|x> <!everyone> <@U123> <!subteam^S1>';
    for (const text of [
      calls,
      `\`${calls}\``,
      `\`\`\`\n${calls}\n\`\`\``,
      `[${calls}](https://x.org/<!here>)`,
      `| a |\n|--|\n| ${calls} |`,
    ]) {
      await channel.send(outbound(text), signal);
      await channel.send(outbound(text, { plain: true }), signal);
    }
    assert.equal(fake.shown.size, 10);
    assert.deepEqual(fake.called, []);
  });

  it('answers a command where it is no member by the address that came with it', async () => {
    const { channel, fake, shown } = slack;
    fake.hooks.set(path, 2);
    const sent = await channel.send(outbound('one', { target: outside() }), signal);
    await channel.send(outbound('two', { target: outside(), first: false }), signal);
    assert.deepEqual(shown(), ['one', 'two']);
    assert.deepEqual(paths(), ['/api/chat.postMessage', path, '/api/chat.postMessage', path]);
    const hooked = fake.requests[1];
    assert.equal(hooked?.fields.response_type, 'in_channel');
    assert.equal(hooked?.headers.authorization, undefined);
    await assert.rejects(channel.edit?.({ ...outbound('x'), ...sent }, signal) ?? assert.fail(), { kind: 'refused' });
  });

  it('has expired when that address has, and never tells it', async () => {
    const { channel, fake } = slack;
    const error = await channel.send(outbound('one', { target: outside() }), signal).catch((thrown: unknown) => thrown);
    assert.match(inspect(error), /expired|used_url/);
    assert.ok(!inspect(error, { depth: 9 }).includes('secret-of-the-hook'));
    await assert.rejects(channel.send(outbound('one', { target: outside() }), signal), { kind: 'expired' });
    fake.next(slackError('not_in_channel'), { status: 410, body: `${fake.url}${path} is gone, ${path}` });
    const gone = await channel.send(outbound('one', { target: outside() }), signal).catch((thrown: unknown) => thrown);
    assert.match(inspect(gone, { depth: 9 }), /\[secret\] is gone, \[secret\]/);
  });

  it('leaves that address alone after its half hour, and where it can do without', async () => {
    const { channel, fake, clock } = slack;
    fake.hooks.set(path, 5);
    const target = outside();
    clock.advance(60_001);
    await assert.rejects(channel.send(outbound('one', { target }), signal), { kind: 'refused' });
    fake.channels.add('C9');
    await channel.send(outbound('one', { target: outside() }), signal);
    assert.deepEqual(paths(), ['/api/chat.postMessage', '/api/chat.postMessage']);
  });
});
