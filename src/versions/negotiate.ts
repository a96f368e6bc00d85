import { GatewayError } from '../core/errors.ts';
import type { Version } from './version.ts';

export interface Wanted {
  /** From the path: `v1`. */
  family?: string | undefined;
  /** From `X-API-Version`, or the `auth` frame. */
  header?: string | undefined;
  /** From the key. */
  pin?: string | undefined;
}

export type Negotiate = (wanted: Wanted) => Version;

/**
 * Chooses the version: path, else header, else the key's pin, else the default. Throws `UNSUPPORTED_API_VERSION` with
 * what there is, `VERSION_CONFLICT` when path and header name different families, `GONE` after a version's sunset.
 */
export function createNegotiate(versions: readonly Version[], defaultVersion: Version, now: () => number): Negotiate {
  const byDate = new Map<string, Version>(versions.map((version) => [version.date, version]));
  const byFamily = new Map(versions.map((version) => [version.family, version]));
  const supported = versions.map(({ date }) => date);

  function dated(date: string): Version {
    const version = byDate.get(date);
    if (version) return version;
    const shown = /^[\w.-]{1,40}$/.test(date) ? date : 'of that name';
    throw new GatewayError(
      'UNSUPPORTED_API_VERSION',
      `There is no API version ${shown}. There are ${supported.join(', ')}.`,
      { supported },
    );
  }

  function choose({ family, header, pin }: Wanted): Version {
    const named = header === undefined ? undefined : dated(header);
    if (family === undefined) return named ?? (pin === undefined ? defaultVersion : dated(pin));
    const inPath = byFamily.get(family);
    if (!inPath) throw new GatewayError('NOT_FOUND', 'There is nothing here.');
    if (named && named !== inPath) {
      throw new GatewayError(
        'VERSION_CONFLICT',
        `The path asks for ${family} (${inPath.date}) and the header for ${named.date}. Name one of them.`,
        { supported },
      );
    }
    return inPath;
  }

  return (wanted) => {
    const version = choose(wanted);
    const sunset = version.deprecation?.sunset;
    if (sunset === undefined || now() < Date.parse(sunset)) return version;
    throw new GatewayError('GONE', `API version ${version.date} ended on ${sunset}.`, {
      supported: supported.filter((date) => date !== version.date),
    });
  };
}
