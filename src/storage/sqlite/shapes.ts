import type { Part } from '../../core/message.ts';
import type { ReplyTarget } from '../../core/ports/channel.ts';
import type { NewEvent } from '../../core/ports/event-store.ts';
import type { KeyHash } from '../../core/ports/store.ts';
import { type KeyLimits, type Scope, scopes } from '../../core/principal.ts';
import type { RunError } from '../../core/run.ts';

/** What the JSON in the database may be. Each function proves its type. */

export function isParts(value: unknown): value is Part[] {
  return Array.isArray(value) && value.every(isPart);
}

function isPart(value: unknown): value is Part {
  if (!isObject(value)) return false;
  switch (value.type) {
    case 'text':
      return isText(value.text);
    case 'image':
      return isImage(value);
    case 'tool_call':
      return isText(value.id) && isText(value.name) && isText(value.arguments);
    case 'tool_result':
      return (
        isText(value.toolCallId) &&
        isText(value.content) &&
        isTextOrAbsent(value.status) &&
        (value.images === undefined || (Array.isArray(value.images) && value.images.every(isImage)))
      );
    default:
      return false;
  }
}

function isImage(value: unknown): boolean {
  return (
    isObject(value) &&
    value.type === 'image' &&
    ['url', 'data', 'mediaType', 'description', 'detail'].every((name) => isTextOrAbsent(value[name]))
  );
}

export function isScopes(value: unknown): value is Scope[] {
  return Array.isArray(value) && value.every((item) => scopes.some((scope) => scope === item));
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

export function isTextRecord(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every(isText);
}

export function isKeyHashes(value: unknown): value is KeyHash[] {
  return (
    Array.isArray(value) &&
    value.every((item) => isObject(item) && isText(item.hash) && isNumberOrAbsent(item.expiresAt))
  );
}

export function isKeyLimits(value: unknown): value is KeyLimits {
  if (!isObject(value) || !isModelLimits(value)) return false;
  const { models, budget } = value;
  const isBudget =
    isObject(budget) && typeof budget.amount === 'number' && (budget.period === 'day' || budget.period === 'month');
  return (
    (models === undefined || (isObject(models) && Object.values(models).every(isModelLimits))) &&
    (budget === undefined || isBudget)
  );
}

function isModelLimits(value: unknown): boolean {
  return (
    isObject(value) &&
    ['requestsPerMinute', 'tokensPerMinute', 'concurrentRuns'].every((name) => isNumberOrAbsent(value[name]))
  );
}

export function isTarget(value: unknown): value is ReplyTarget {
  return isObject(value) && isTextRecord(value.address) && isNumberOrAbsent(value.expiresAt);
}

export function isSender(value: unknown): value is NewEvent['sender'] {
  return isObject(value) && isText(value.id) && isTextOrAbsent(value.name) && typeof value.isBot === 'boolean';
}

export function isRunError(value: unknown): value is RunError {
  return (
    isObject(value) &&
    isText(value.code) &&
    isText(value.message) &&
    typeof value.retryable === 'boolean' &&
    isNumberOrAbsent(value.retryAfter)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isNumberOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'number';
}
