import type { ConfigProblem } from './config-error.ts';

/** What is wrong with the address of a provider's or a platform's API; undefined when nothing is. */
export function addressFault(address: string): Pick<ConfigProblem, 'reason' | 'suggestion'> | undefined {
  const url = URL.parse(address);
  if (!url || !/^https?:\/\//.test(address)) {
    return { reason: 'must be an address that begins with http:// or https://' };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      reason: 'must not contain a user or a password',
      suggestion: 'Secrets have settings of their own, which are kept out of logs.',
    };
  }
  if (url.search !== '' || url.hash !== '') {
    return { reason: 'must end with the path, without `?` or `#`' };
  }
  return undefined;
}

export function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}
