/**
 * Holds requests and frames against the version they claim, by the validators generated from the contract. What does not
 * fit is refused with every fault where the body is small, and with the first one where looking for more would be work
 * for an attacker to order.
 */
import { createRequire } from 'node:module';
import type { DocumentName, OperationId } from '../../generated/operations.ts';
import type { RequestValidators, Validate, ValidateError } from '../../generated/validators/validate.ts';
import { type Fault, GatewayError } from '../core/errors.ts';
import { toFaults } from './to-faults.ts';
import type { Version } from './version.ts';

/** A version, or a vendor's shape: whatever has a document in the contract. */
export interface Shape {
  readonly date: DocumentName;
}

export interface Contract {
  /** Throws `INVALID_REQUEST`. Path and query are turned from text into what the contract says, in place. */
  checkParameters(shape: Shape, operation: OperationId, path: object, query: object): void;
  /** Throws `INVALID_REQUEST`. `bytes` is the length the body had. */
  checkBody(shape: Shape, operation: OperationId, body: unknown, bytes: number): void;
  /** Throws `INVALID_REQUEST`. */
  checkFrame(version: Version, type: string, frame: unknown): void;
}

interface RequestsModule {
  requests: Readonly<Record<string, RequestValidators>>;
  clientFrames: Readonly<Record<string, Validate>>;
}

interface FaultsModule {
  faults: Readonly<Record<string, Pick<RequestValidators, 'body'>>>;
}

const smallBytes = 64 * 1024;

const folder = '../../generated/validators';
const require = createRequire(import.meta.url);

/**
 * What every start needs is read at once. Validators of a vendor's shape, and those that look for every fault, are read
 * when one is first asked for: most gateways never do.
 */
export async function loadContract(versions: readonly Shape[]): Promise<Contract> {
  const requests = new Map<string, RequestsModule>();
  const faults = new Map<string, FaultsModule>();
  for (const { date } of versions) requests.set(date, await import(`${folder}/${date}.requests.js`));

  function validators({ date }: Shape): RequestsModule {
    const module: RequestsModule = requests.get(date) ?? require(`${folder}/${date}.requests.js`);
    requests.set(date, module);
    return module;
  }

  function everyFault({ date }: Shape): FaultsModule {
    const module: FaultsModule = faults.get(date) ?? require(`${folder}/${date}.faults.js`);
    faults.set(date, module);
    return module;
  }

  return {
    checkParameters(shape, operation, path, query) {
      const { path: checkPath, query: checkQuery } = validators(shape).requests[operation] ?? {};
      if (checkPath && !checkPath(path)) refuse('The path', toFaults(checkPath.errors ?? [], '/path'));
      if (checkQuery && !checkQuery(query)) refuse('The query', toFaults(checkQuery.errors ?? [], '/query'));
    },
    checkBody(shape, operation, body, bytes) {
      const check = validators(shape).requests[operation]?.body;
      if (!check || check(body)) return;
      let errors: ValidateError[] = check.errors ?? [];
      const every = bytes <= smallBytes ? everyFault(shape).faults[operation]?.body : undefined;
      if (every && !every(body)) errors = every.errors ?? errors;
      refuse('The request', toFaults(errors, ''));
    },
    checkFrame(version, type, frame) {
      const { clientFrames } = validators(version);
      const check = Object.hasOwn(clientFrames, type) ? clientFrames[type] : undefined;
      if (!check) refuse('The frame', [{ pointer: '/type', message: 'must be the type of a frame that clients send' }]);
      if (!check(frame)) refuse('The frame', toFaults(check.errors ?? [], ''));
    },
  };
}

function refuse(what: string, faults: Fault[]): never {
  const shown = faults
    .slice(0, 3)
    .map(({ pointer, message }) => `${pointer === '' ? 'it' : pointer} ${message}`)
    .join(', ');
  throw new GatewayError('INVALID_REQUEST', `${what} does not fit the contract: ${shown}.`.slice(0, 2000), { faults });
}
