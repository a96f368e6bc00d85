/** Milliseconds that Google asks to wait: its APIs say it in the error's body (`google.rpc.RetryInfo`) and in no header. */
export function retryDelayMs(words: string): number | undefined {
  const seconds = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(words)?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}
