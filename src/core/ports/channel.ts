/** A chat platform. What it verifies, parses and sends comes with the first adapter; the core lists it by now. */
export interface Channel {
  readonly name: string;
  /** False when one of its secrets is missing: it is then `inactive` and takes nothing. */
  readonly configured: boolean;
}
