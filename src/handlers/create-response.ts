import { GatewayError } from '../core/errors.ts';
import type { Part } from '../core/message.ts';
import type { ChatRequest } from '../core/run.ts';
import { placeOfItem } from '../dialects/openai/answer-ids.ts';
import { type FindItem, referencesIn } from '../dialects/openai/from-response-items.ts';
import {
  isStored,
  previousNotFound,
  type ResponseRequest,
  strayOutput,
  toCompletion,
  toTurn,
} from '../dialects/openai/from-response-request.ts';
import { createResponseStream } from '../dialects/openai/response-stream.ts';
import { createResponseWriter } from '../dialects/openai/response-writer.ts';
import { wholeRun, writeRun } from '../dialects/write-run.ts';
import type { Context, Handler } from './handler.ts';
import { sourceOf } from './source-of.ts';
import { textOfCompletion } from './text-of-completion.ts';

export const createResponse: Handler<'createResponse'> = async (context, { body }, reply) => {
  const { gateway, principal, signal } = context;
  const find = await readItems(context, body);
  if (isStored(body)) {
    const turn = toTurn(body, find);
    const active = await gateway.runs.start(principal, turn, { signal }).catch(toTheirs(body, turn));
    const { run, tokens } = active;
    if (!body.stream) {
      const text = await wholeRun(active, createResponseWriter(body));
      return reply.text({ contentType: 'application/json', text, run, tokens });
    }
    const chunks = writeRun(active, createResponseStream(run, body));
    return reply.text({ contentType: 'text/event-stream', chunks, run, tokens });
  }
  const request = toCompletion(body, sourceOf(context), find, gateway.models.defaultModel);
  const active = await gateway.runs.complete(principal, request, { signal });
  const writer = body.stream ? createResponseStream(active.run, body) : createResponseWriter(body);
  return reply.text(await textOfCompletion(active, request.stream, writer));
};

/** The items of stored responses that the input refers to, where this principal has them. */
async function readItems({ gateway, principal }: Context, { input }: ResponseRequest): Promise<FindItem> {
  const found = new Map<string, Part>();
  for (const id of referencesIn(input)) {
    const place = placeOfItem(id);
    if (!place || found.has(id)) continue;
    const run = await gateway.runs.get(principal, place.runId).catch(unlessMissing);
    const type = place.kind === 'message' ? 'text' : 'tool_call';
    const part = run?.message?.parts.filter((part) => part.type === type)[place.place];
    if (part) found.set(id, part);
  }
  return (id) => found.get(id);
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof GatewayError) || error.code !== 'NOT_FOUND') throw error;
}

/** The client knows the run, and the result of a tool, under other names. */
function toTheirs(body: ResponseRequest, turn: ChatRequest) {
  return (error: unknown): never => {
    if (!(error instanceof GatewayError)) throw error;
    const { previous_response_id: previous } = body;
    if (previous && error.code === 'NOT_FOUND') throw previousNotFound(previous);
    throw strayOutput(error, body, turn) ?? error;
  };
}
