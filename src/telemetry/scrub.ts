/** Takes secrets out of a text: the ones we hold, however they are written, and whatever looks like one of anybody's. */
export type Scrub = (text: string) => string;

export const redacted = '[redacted]';

/** Shorter values stand in ordinary words, and the log would turn to holes. */
const shortest = 4;
/** Shorter parts of an encoded secret are likewise too common. */
const shortestEncoded = 8;

const shapes = new RegExp(
  [
    '\\bocg_[0-9A-Za-z]{20,}',
    '\\bsk-[\\w-]{16,}',
    '\\bxox[a-z]-[\\w-]{10,}',
    '\\bwhsec_[\\w+/=]{16,}',
    '\\b\\d{6,12}:[\\w-]{30,}',
    '(?<=\\b(?:Bearer|Basic) )[\\w.~+/=-]{8,}',
    '(?<=://)[^\\s/@:]+:[^\\s/@]+(?=@)',
  ].join('|'),
  'gi',
);

export function createScrub(secrets: readonly string[]): Scrub {
  const forms = new Set(secrets.filter((secret) => secret.length >= shortest).flatMap(formsOf));
  if (forms.size === 0) return (text) => text.replace(shapes, redacted);
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  const known = new RegExp(longestFirst.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  return (text) => text.replace(known, redacted).replace(shapes, redacted);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => base64Forms(bytes, offset)),
  ];
  return [secret, ...encoded.filter((form) => form.length >= shortestEncoded)];
}

/** What base64 makes of the bytes when `offset` others stand before them: only the characters that depend on no other. */
function base64Forms(bytes: Buffer, offset: number): string[] {
  const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor((shifted.length * 8) / 6);
  return [shifted.toString('base64').slice(first, end), shifted.toString('base64url').slice(first, end)];
}
