import type { Change } from '../version.ts';

/** What 2026-11-01 changed and this folder undoes. */
export const changes: readonly Change[] = [
  {
    title: 'Bodies are the resource itself, and errors are problem details',
    migration:
      'Read the body where you read `data`, and decide on the HTTP status where you read `success`. Errors come as `application/problem+json` (RFC 9457): `error.message` is `detail`, `error.details` is `errors`, and `retryable` tells whether to try again.',
  },
  {
    title: 'Usage speaks of input and output tokens',
    migration:
      '`promptTokens` is `inputTokens`, `completionTokens` is `outputTokens`. Cached and reasoning tokens and the cost stand beside them where they are known.',
  },
  {
    title: 'A message is a list of typed parts',
    migration:
      'Send `input: [{"type":"text","text":"…"}]` where you sent `message`, and read `message.parts` of the run. Images, tool calls and tool results are parts too; chat also takes instructions, sampling, tools and a response format.',
  },
  {
    title: 'Stream events have names and ids of their own',
    migration:
      'Listen for `message.delta` where you read `chunk`, for `run.completed` where you read `done` and for `run.failed` where you read `error`. `run.started` and `tool_call.delta` are new.',
  },
  {
    title: 'Lists are pages with a cursor',
    migration:
      'Read `items` where you read the list by its name, and ask again with `cursor` while the answer has `nextCursor`. Messages come newest first.',
  },
];
