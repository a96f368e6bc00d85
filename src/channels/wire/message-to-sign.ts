/** What a signer makes a webhook of, as if the platform had sent it: to try a gateway out without an account. */
export interface MessageToSign {
  /** Digits: some platforms count their events. The same id makes the same event. */
  readonly id: string;
  readonly text: string;
  readonly conversation: string;
  readonly sender: { readonly id: string; readonly name?: string };
  /** Milliseconds since 1970. */
  readonly at: number;
}
