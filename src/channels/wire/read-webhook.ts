import type { Authentication, RawWebhook } from '../../core/ports/channel.ts';

export const accepted: Authentication = { accepted: true };

export function refuse(reason: string): Authentication {
  return { accepted: false, reason };
}

/** A header that is there once. Twice is never what a platform sends, and which one counts is not ours to guess. */
export function headerOf(webhook: RawWebhook, name: string): string | undefined {
  const value = webhook.headers[name];
  return typeof value === 'string' ? value : undefined;
}

export function contentTypeOf(webhook: RawWebhook): string {
  return (headerOf(webhook, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
