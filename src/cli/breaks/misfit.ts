/** Something that one side gives and the other does not take. */
export interface Misfit {
  /** Where, as a JSON pointer; `*` stands for every item of a list. */
  pointer: string;
  message: string;
}

/** Which way it goes: clients send a request, and are sent an answer. */
export type Side = 'request' | 'answer';
