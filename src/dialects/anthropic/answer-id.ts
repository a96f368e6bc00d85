const prefix = 'run_';

/** An answer is known by its run, under the name that Anthropic's clients expect. */
export function messageId(runId: string): string {
  return `msg_${runId.slice(prefix.length)}`;
}
