import type { Random } from '../../core/ports/random.ts';

/** Names requests: the client's own name for it where that is harmless, else the process and a number. */
export interface RequestIds {
  of(header: string | string[] | undefined): string;
}

export function createRequestIds(random: Random): RequestIds {
  const process = Buffer.from(random.bytes(8)).toString('hex');
  let count = 0;
  return {
    of(header) {
      if (typeof header === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(header)) return header;
      count += 1;
      return `req_${process}${count.toString(36)}`;
    },
  };
}
