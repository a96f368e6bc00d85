/** An answer is known by its run, under the names that OpenAI's clients expect. */
const prefix = 'run_';

export function chatCompletionId(runId: string): string {
  return `chatcmpl-${runId.slice(prefix.length)}`;
}

export function responseId(runId: string): string {
  return `resp_${runId.slice(prefix.length)}`;
}

/** `place` counts the messages of one response. */
export function messageItemId(runId: string, place: number): string {
  return `msg_${runId.slice(prefix.length)}_${place}`;
}

/** `index` counts the calls of one response. */
export function callItemId(runId: string, index: number, type: 'function' | 'custom'): string {
  return `${type === 'custom' ? 'ctc' : 'fc'}_${runId.slice(prefix.length)}_${index}`;
}

/** The run of a response; undefined when it is no response's name. */
export function runOfResponse(id: string): string | undefined {
  const match = /^resp_([0-9a-z]{1,64})$/.exec(id);
  return match ? `${prefix}${match[1]}` : undefined;
}

/** Where an item of a stored response is found. */
export interface ItemPlace {
  runId: string;
  kind: 'message' | 'call';
  place: number;
}

export function placeOfItem(id: string): ItemPlace | undefined {
  const [, kind, run, place] = /^(msg|fc|ctc)_([0-9a-z]{1,64})_(\d{1,4})$/.exec(id) ?? [];
  if (run === undefined) return undefined;
  return { runId: `${prefix}${run}`, kind: kind === 'msg' ? 'message' : 'call', place: Number(place) };
}
