import type { ProviderFault } from '../../core/errors.ts';
import type { Fault } from '../wire/dialect.ts';
import { fromStatus } from '../wire/from-status.ts';
import { isObject, textIn } from '../wire/json-shape.ts';
import { fromNetworkError } from './from-network-error.ts';
import { parameterIn } from './from-warnings.ts';

/** What can be read of an error of a package. */
export interface PackageError {
  name: string;
  /** The vendor's word for it; empty where there is none. */
  code?: string;
  /** The sentence, and the answer's body behind it. */
  words: string;
  status?: number;
  headers: Record<string, string>;
  isRetryable?: boolean;
  thrown: unknown;
}

/** What it means: the SDK's own kinds first, then the status with the words of vendors, then the words alone. */
export function toFault(error: PackageError): Fault {
  const { name, status, words, thrown } = error;
  if (name === 'AI_UnsupportedFunctionalityError') return unsupported(words);
  const kind = isOfSettings(name, thrown) ? 'unauthorized' : kinds[name];
  if (kind) return { kind };
  if (status === undefined || (status >= 200 && status < 300)) return withoutStatus(error);
  const refusal = status === 400 || status === 413 || status === 422 ? fromRefusal(words) : undefined;
  if (refusal) return refusal;
  // A shorter conversation is the cure here too.
  if (status === 413) return { kind: 'context_too_long' };
  // A 404 that says nothing of a model comes from a wrong address.
  if (status === 404)
    return { kind: /model|deployment|not_found_error/i.test(words) ? 'model_not_found' : 'malformed' };
  // Bedrock's word for a model that failed; nothing is wrong with the request.
  if (status === 424) return { kind: 'unavailable', ...retryOf(error, status) };
  return { kind: fromStatus(status), ...retryOf(error, status) };
}

/** What the operator set up wrongly, and no client can mend: as a key that is missing. */
function isOfSettings(name: string, thrown: unknown): boolean {
  if (name !== 'AI_InvalidArgumentError' || !isObject(thrown)) return false;
  return /^(resourceName|region|location|project|apiKey|baseURL)\b/.test(textIn(thrown, 'argument') ?? '');
}

/** The SDK's errors that have no answer of the vendor behind them. */
const kinds: Readonly<Record<string, ProviderFault>> = {
  AI_LoadAPIKeyError: 'unauthorized',
  AI_LoadSettingError: 'unauthorized',
  AI_NoSuchModelError: 'model_not_found',
  AI_InvalidArgumentError: 'invalid_request',
  AI_InvalidPromptError: 'invalid_request',
  AI_TooManyEmbeddingValuesForCallError: 'invalid_request',
  AI_JSONParseError: 'malformed',
  AI_TypeValidationError: 'malformed',
  AI_InvalidResponseDataError: 'malformed',
  AI_EmptyResponseBodyError: 'malformed',
  AI_NoContentGeneratedError: 'malformed',
};

/** What a refused request was refused for, as far as it is said. */
function fromRefusal(words: string): Fault | undefined {
  if (tooLong.test(words)) return { kind: 'context_too_long' };
  if (notLetIn.test(words)) return { kind: 'unauthorized' };
  if (noSuchModel.test(words)) return { kind: 'model_not_found' };
  if (/ServiceQuotaExceeded/.test(words)) return { kind: 'rate_limited' };
  return refused.test(words) ? unsupported(words) : undefined;
}

const tooLong =
  /context_length_exceeded|maximum context length|context length exceeded|exceeds? (the )?(available |maximum )?(context|number of tokens)|context (window|limit)|(prompt|input) is too long|input token count .{1,40} only supports up to/i;
const notLetIn =
  /api.?key (is )?(not valid|invalid|expired)|credit balance is too low|user location is not supported|\b(IncompleteSignature|RequestExpired|NotAuthorized|MissingAuthenticationToken)/i;
/** At Bedrock a model may be there and not be had under this name; at Azure it may not do what the address is for. */
const noSuchModel =
  /model identifier is invalid|model_not_found|on-demand throughput|operation does not work with the specified model/i;
const refused =
  /unsupported (parameter|value)|unsupported_(parameter|value)|unknown_parameter|unrecognized request argument|\bdo(es)?(n['’]t| not) support|\b(is|are)(n['’]t| not) supported|extra inputs are not permitted|extraneous key|is deprecated/i;

function unsupported(words: string): Fault {
  const named = /"param":\s*"([^"]+)"/.exec(words)?.[1];
  const parameter = parameterIn(named ?? words);
  return { kind: 'unsupported_parameter', ...(parameter === undefined ? {} : { parameter }) };
}

/** No answer, one that broke off, one that is none, or an error inside a stream. */
function withoutStatus({ code = '', words, status, thrown }: PackageError): Fault {
  const word = vendorWords[code] ?? fromNetworkError(thrown);
  if (word) return { kind: word };
  if (status !== undefined) return { kind: 'malformed' };
  if (tooLong.test(words)) return { kind: 'context_too_long' };
  if (lockedOut.test(words)) return { kind: 'unauthorized' };
  if (/\b(incomplete|checksum)\b/i.test(words)) return { kind: 'malformed' };
  // A fault of the package, most often in reading what it did not expect.
  if (thrown instanceof TypeError || thrown instanceof SyntaxError || thrown instanceof RangeError)
    return { kind: 'malformed' };
  return { kind: 'unavailable' };
}

/** Packages that fetch a token first fail in the words of OAuth. */
const lockedOut =
  /credential|api.?key|authenticat|\b(invalid_grant|invalid_client|unauthorized_client|access_denied)\b/i;

const vendorWords: Readonly<Record<string, ProviderFault>> = {
  invalid_request_error: 'invalid_request',
  context_length_exceeded: 'context_too_long',
  authentication_error: 'unauthorized',
  permission_error: 'unauthorized',
  billing_error: 'unauthorized',
  invalid_api_key: 'unauthorized',
  not_found_error: 'model_not_found',
  model_not_found: 'model_not_found',
  rate_limit_error: 'rate_limited',
  rate_limit_exceeded: 'rate_limited',
  insufficient_quota: 'rate_limited',
  timeout_error: 'timeout',
  server_error: 'unavailable',
  api_error: 'unavailable',
  overloaded_error: 'unavailable',
};

/** What the package thinks of another try, where it is not what the status says by itself. */
function retryOf({ isRetryable, words }: PackageError, status: number): Pick<Fault, 'shouldRetry'> {
  // Comes with 429, but waiting does not fill an account.
  if (/insufficient_quota/.test(words)) return { shouldRetry: false };
  const usual = status === 408 || status === 409 || status === 429 || status >= 500;
  return isRetryable === undefined || isRetryable === usual ? {} : { shouldRetry: isRetryable };
}
