import assert from 'node:assert/strict';
import type { RawWebhook } from '../../src/core/ports/channel.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import type { Subject, Test } from './subject.ts';

const mutations = 25_000;

export function describeAuthentication(given: () => Subject, test: Test): void {
  const isAccepted = (webhook: RawWebhook) => given().channel.authenticate(webhook).accepted;
  const good = () => given().sign(given().message);
  const withHeader = (webhook: RawWebhook, name: string, value: string | string[] | undefined): RawWebhook => ({
    ...webhook,
    headers: { ...webhook.headers, [name]: value },
  });

  test('accepts what was signed with either of its secrets, and no other', () => {
    const { sign, message } = given();
    assert.ok(isAccepted(sign(message)));
    assert.ok(isAccepted(sign(message, 'old')));
    assert.deepEqual(given().channel.authenticate(sign(message, 'strange')).accepted, false);
  });

  for (const [what, body] of [
    ['an empty body', ''],
    ['emoji', '{"text":"👩‍👩‍👧‍👦 ü"}'],
    ['escapes', '{"text":"\\ud83d\\ude00 \\u0041\\/"}'],
    ['spaces and line ends', '{ "text" :\r\n "x" }\n'],
    ['no JSON', '\u0000\ufeffnot JSON'],
  ] as const) {
    test(`accepts ${what}: bytes are not read before they are believed`, () => {
      assert.ok(isAccepted(given().signBody(body)));
    });
  }

  test('refuses a body that was touched, where the proof covers it', () => {
    const webhook = good();
    for (const body of [
      Buffer.concat([webhook.body, Buffer.from(' ')]),
      webhook.body.subarray(1),
      Buffer.from(webhook.body.toString().replace('Hello', 'hello')),
      Buffer.from(JSON.stringify(JSON.parse(webhook.body.toString()), null, 1)),
    ]) {
      assert.equal(isAccepted({ ...webhook, body }), false);
    }
  });

  test('refuses a proof that is missing, there twice, or none', () => {
    const { proof } = given();
    const webhook = good();
    const value = String(webhook.headers[proof.header]);
    for (const bad of [undefined, [value, value], [value], ...proof.badValues.map((spoil) => spoil(value))]) {
      assert.equal(isAccepted(withHeader(webhook, proof.header, bad)), false, JSON.stringify(bad));
    }
  });

  test('refuses without the other headers', () => {
    const webhook = good();
    for (const name of given().proof.others) {
      const value = String(webhook.headers[name]);
      for (const bad of [undefined, [value, value], '', `${value} `, `${value}1`]) {
        assert.equal(isAccepted(withHeader(webhook, name, bad)), false, `${name}: ${JSON.stringify(bad)}`);
      }
    }
  });

  test('keeps a window of five minutes, to both sides', () => {
    const { message, sign } = given();
    const second = Math.floor(message.at / 1000) * 1000;
    for (const [late, taken] of [
      [300_000, true],
      [301_000, false],
      [-300_000, true],
      [-301_000, false],
      [4_000_000, false],
      [-4_000_000, false],
    ] as const) {
      assert.equal(isAccepted({ ...sign({ ...message, at: second }), receivedAt: second + late }), taken, `${late} ms`);
    }
  });

  test('refuses a time that is none, even if it was signed', () => {
    const { timestampHeader = assert.fail('no time') } = given().proof;
    for (const bad of ['now', '1e9', '-1', '+1700000000', '1700000000.5', '0x65', '', '9'.repeat(40), 'NaN']) {
      assert.equal(isAccepted(withHeader(good(), timestampHeader, bad)), false, bad);
    }
  });

  test('takes nothing without a secret, whatever is sent', () => {
    for (const channel of given().withoutSecrets()) {
      assert.equal(channel.configured, false);
      const refusal = channel.authenticate(good());
      assert.match(refusal.accepted ? 'accepted' : refusal.reason, /is configured$/);
      assert.equal(channel.authenticate(withHeader(good(), given().proof.header, '')).accepted, false);
      assert.equal(channel.authenticate(withHeader(good(), given().proof.header, undefined)).accepted, false);
    }
    assert.equal(given().channel.configured, true);
  });

  test('takes a body up to its limit and no longer', () => {
    const { channel, signBody } = given();
    assert.ok(isAccepted(signBody('x'.repeat(channel.manifest.bodyLimit))));
    assert.equal(isAccepted(signBody('x'.repeat(channel.manifest.bodyLimit + 1))), false);
  });

  test('says why it refuses, and never what it expected', () => {
    const { channel, sign, message, secrets, proof } = given();
    const expected = String(good().headers[proof.header]);
    const refusal = channel.authenticate({ ...sign(message, 'strange'), receivedAt: message.at });
    assert.ok(!refusal.accepted && refusal.reason !== '');
    for (const secret of [...secrets, expected]) assert.ok(!JSON.stringify(refusal).includes(secret));
  });

  test(`accepts none of ${mutations} spoilt proofs, and throws at none`, () => {
    const { proof } = given();
    const webhook = good();
    const value = String(webhook.headers[proof.header]);
    const random = createSeededRandom(7);
    const pick = (below: number) => Math.floor(random.fraction() * below);
    const letter = () => String.fromCharCode(pick(10) === 0 ? pick(256) : (value.charCodeAt(pick(value.length)) ?? 48));
    let spoilt = 0;
    for (let count = 0; count < mutations; count += 1) {
      const at = pick(value.length);
      const bad = [
        () => value.slice(0, at) + letter() + value.slice(at + 1),
        () => value.slice(0, at) + letter() + value.slice(at),
        () => value.slice(0, at) + value.slice(at + 1),
        () => value.slice(at) + value.slice(0, at),
        () => value.slice(0, at),
        () => Array.from({ length: pick(300) }, letter).join(''),
      ][pick(6)]?.();
      if (bad === undefined || bad === value) continue;
      spoilt += 1;
      if (isAccepted(withHeader(webhook, proof.header, bad))) assert.fail(`accepted ${JSON.stringify(bad)}`);
    }
    assert.ok(spoilt > mutations * 0.9);
  });
}
