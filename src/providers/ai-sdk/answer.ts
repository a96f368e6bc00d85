import type { ProviderCall, ProviderEvent } from '../../core/ports/provider.ts';
import type { Signal } from '../../core/ports/signal.ts';
import { Malformed } from '../wire/bad-answer.ts';
import { sizeOf } from './answer-size.ts';
import { ask, askForStream } from './ask.ts';
import { BoundedCall } from './bounded-call.ts';
import { fromError } from './from-error.ts';
import { fromResult } from './from-result.ts';
import { StreamPartReader } from './from-stream-part.ts';
import type { Room } from './room.ts';
import type { LanguageModel, Vendor } from './vendor.ts';

/** A call, from the request to the last event. Nothing happens before it is read. */
export async function* answer(
  room: Room,
  vendor: Vendor,
  call: ProviderCall,
  signal: Signal,
): AsyncGenerator<ProviderEvent[]> {
  signal.throwIfAborted();
  const bounds = new BoundedCall(room, signal);
  try {
    const model = vendor.languageModel(call.model);
    yield* call.stream ? streamed(room, model, call, bounds) : whole(room, model, call, bounds);
  } catch (thrown) {
    const error = fromError(bounds.reason(thrown), room, signal);
    room.outcome.failed(error);
    throw error;
  } finally {
    bounds.end();
  }
}

async function* whole(
  room: Room,
  model: LanguageModel,
  call: ProviderCall,
  bounds: BoundedCall,
): AsyncGenerator<ProviderEvent[]> {
  const events = fromResult(await bounds.wait(ask(model, call, bounds.signal)), call);
  if (sizeOf(events) > room.maxAnswerBytes) throw new Malformed('an answer longer than allowed');
  room.outcome.succeeded();
  yield events;
}

/** A batch for each part: what the network delivered together cannot be seen from here. */
async function* streamed(
  room: Room,
  model: LanguageModel,
  call: ProviderCall,
  bounds: BoundedCall,
): AsyncGenerator<ProviderEvent[]> {
  const asked = askForStream(model, call, bounds.signal);
  // A package that is too late and does not listen to the signal still has to be told that nobody reads.
  asked.then(({ stream }) => (bounds.over ? stream.cancel() : undefined)).catch(() => {});
  const { stream } = await bounds.wait(asked);
  const reader = stream.getReader();
  const parts = new StreamPartReader();
  let bytes = 0;
  try {
    while (!parts.finished) {
      const { done, value } = await bounds.wait(reader.read());
      if (done) throw new Malformed('ended before its finish');
      const events = parts.read(value);
      if (parts.begun) bounds.begun();
      bytes += sizeOf(events);
      if (bytes > room.maxAnswerBytes) throw new Malformed('an answer longer than allowed');
      if (parts.finished) room.outcome.succeeded();
      if (events.length > 0) yield events;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
