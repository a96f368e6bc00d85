import { ConfigError } from '../config/index.ts';
import { GatewayError } from '../core/errors.ts';

/** Something that the operator can do something about: what is wrong, and what to do. */
export class Failure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Failure';
  }
}

/** Where every client of a gateway ends up some day. */
export class WrongKey extends Failure {
  constructor() {
    super('The gateway does not accept this key. `npm run gateway -- keys list` shows which there are.');
  }
}

/** One or a few lines for people, without a stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError) {
    return `The configuration does not hold:\n${error.message.replaceAll(/^/gm, '  ')}`;
  }
  if (error instanceof GatewayError) return withCause(error);
  if (error instanceof Error) return describeSystemFailure(error) ?? error.message;
  return String(error);
}

/** What a store that cannot be opened has to say stands in its cause. */
function withCause({ message, cause }: GatewayError): string {
  if (!(cause instanceof Error)) return message;
  return `${message} ${describeSystemFailure(cause) ?? `(${cause.message})`}`;
}

function describeSystemFailure(error: Error): string | undefined {
  const { code, address, port, path } = { code: '', address: '', port: '', path: '', ...error };
  switch (code) {
    case 'EADDRINUSE':
      return (
        `${address}:${port} is in use. If a gateway runs there, \`npm run gateway -- status\` shows it; ` +
        'otherwise choose another port: GATEWAY_PORT=18791, or 0 for any free one.'
      );
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${address}. Set GATEWAY_HOST to one that it has, such as 127.0.0.1.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The host to listen on is not known here. Set GATEWAY_HOST to an address, such as 127.0.0.1.';
    case 'EACCES':
    case 'EPERM':
      return path === ''
        ? `This user may not listen on port ${port}. Choose one from 1024 on: GATEWAY_PORT=18790.`
        : `This user may not use ${path}. Change its owner, or choose another folder: GATEWAY_HOME.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} is not a folder. Choose another one: GATEWAY_HOME.`;
    default:
      return undefined;
  }
}
