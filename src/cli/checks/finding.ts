export interface Finding {
  /** What was looked at. */
  what: string;
  /** `attention`: it works, and somebody should look. `broken`: a start or an answer fails. */
  state: 'ok' | 'attention' | 'broken';
  found: string;
  /** What to do. */
  fix?: string;
}
