import type { RawWebhook } from '../../src/core/ports/channel.ts';
import type { Random } from '../../src/core/ports/random.ts';

const signatures: readonly string[] = [
  'x-telegram-bot-api-secret-token',
  'x-signature-ed25519',
  'x-slack-signature',
  'webhook-signature',
];

/** The same webhook with something wrong about its signature, its time or its body. */
export function forge(webhook: RawWebhook, random: Random): RawWebhook {
  const name = signatures.find((header) => webhook.headers[header] !== undefined) ?? '';
  const signature = String(webhook.headers[name]);
  const at = Math.floor(random.fraction() * signature.length);
  const kind = Math.floor(random.fraction() * 5);
  switch (kind) {
    case 0:
      return withHeader(
        webhook,
        name,
        signature.slice(0, at) + another(signature.charAt(at)) + signature.slice(at + 1),
      );
    case 1:
      return withHeader(webhook, name, signature.slice(0, at));
    case 2:
      return withHeader(webhook, name, signature + another('a'));
    case 3:
      return withHeader(webhook, name, '');
    default:
      return withHeader(webhook, name, reversed(signature));
  }
}

function withHeader(webhook: RawWebhook, name: string, value: string): RawWebhook {
  return { ...webhook, headers: { ...webhook.headers, [name]: value } };
}

/** Never the same digit, also where case makes no difference. */
function another(character: string): string {
  return character.toLowerCase() === '0' ? '1' : '0';
}

function reversed(text: string): string {
  const back = [...text].reverse().join('');
  return back === text ? `${text}x` : back;
}
