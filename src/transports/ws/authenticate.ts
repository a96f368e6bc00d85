import { GatewayError, toGatewayError } from '../../core/errors.ts';
import type { Gateway } from '../../core/gateway.ts';
import type { Principal } from '../../core/principal.ts';
import { toTimestamp } from '../../handlers/to-timestamp.ts';
import type { Contract } from '../../versions/contract.ts';
import type { Negotiate } from '../../versions/negotiate.ts';
import type { Deprecation, Version } from '../../versions/version.ts';
import type { Connection, Opening } from './connection.ts';
import type { Outbox } from './outbox.ts';
import type { Frame, Received } from './read-frame.ts';
import type { WaitingRoom } from './waiting-room.ts';

export interface AuthenticateParts {
  gateway: Gateway;
  contract: Contract;
  negotiate: Negotiate;
  outbox: Outbox;
  waitingRoom: WaitingRoom;
}

/**
 * Takes the first frame. With a good key the connection is open when this returns, because the next frame may have come
 * in the same packet; without one it will be closed.
 */
export function authenticate(
  parts: AuthenticateParts,
  connection: Connection,
  opening: Opening,
  received: Received,
): void {
  const { outbox, waitingRoom } = parts;
  if (opening.decided) return;
  opening.decided = true;
  try {
    const { token, version: wanted } = readAuth(parts.contract, connection.version, received);
    const principal = principalOf(parts.gateway, token);
    if (!principal) return void refuseKey(parts, connection, opening.address, received.id);
    connection.version = versionOf(parts, opening, wanted, principal);
    connection.principal = principal;
    connection.opening = undefined;
    opening.deadline.cancel();
    waitingRoom.leave(opening.address);
    parts.gateway.versionUse.count(principal, connection.version.date, 'auth', []);
    outbox.say(connection, toAuthOk(principal, connection.version, received.id));
  } catch (error) {
    outbox.dismiss(connection, toGatewayError(error), { id: received.id });
  }
}

function readAuth(contract: Contract, version: Version, received: Received): { token: string; version?: string } {
  if (received.type === 'auth') {
    // What is no version at all gets the answer of a version that is not there, and not that of a bad frame.
    const { version: wanted, ...frame }: Frame = received.frame;
    if (fits(contract, version, frame) && typeof frame.token === 'string') {
      if (wanted === undefined) return { token: frame.token };
      if (typeof wanted === 'string') return { token: frame.token, version: wanted };
    }
  }
  throw new GatewayError('UNAUTHORIZED', 'The first frame must be `auth` with a key as its `token`.');
}

function fits(contract: Contract, version: Version, frame: Frame): boolean {
  try {
    contract.checkFrame(version, 'auth', frame);
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}

function principalOf({ keys }: Gateway, token: string): Principal | undefined {
  try {
    return keys.authenticate(token);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'UNAUTHORIZED') return undefined;
    throw error;
  }
}

async function refuseKey(
  { gateway, outbox }: AuthenticateParts,
  connection: Connection,
  address: string,
  id: string | undefined,
): Promise<void> {
  try {
    const error = new GatewayError('UNAUTHORIZED', 'The key is not valid.');
    outbox.dismiss(connection, await gateway.limits.failedAuthentication(address, error), { id });
  } catch (error) {
    outbox.dismiss(connection, toGatewayError(error), { id });
  }
}

function versionOf(parts: AuthenticateParts, opening: Opening, wanted: string | undefined, who: Principal): Version {
  const { family, header } = opening;
  const version = parts.negotiate({ family, header: wanted ?? header, pin: who.apiVersion });
  if (header !== undefined && wanted !== undefined && wanted !== header) {
    throw new GatewayError('VERSION_CONFLICT', `The header asks for ${header} and \`auth\` for ${wanted}. Name one.`);
  }
  return version;
}

function toAuthOk(principal: Principal, version: Version, id: string | undefined): object {
  return {
    type: 'auth_ok',
    user: principal.user,
    version: version.date,
    ...(version.deprecation ? { deprecation: toNotice(version.deprecation) } : {}),
    ...(id === undefined ? {} : { id }),
  };
}

function toNotice({ deprecated, sunset, successor }: Deprecation): object {
  return {
    deprecatedAt: toTimestamp(Date.parse(deprecated)),
    ...(sunset === undefined ? {} : { sunsetAt: toTimestamp(Date.parse(sunset)) }),
    successor,
  };
}
