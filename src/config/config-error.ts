/** One thing that does not hold, where it stands, and what to do. It never carries a value: a value may be a secret. */
export interface ConfigProblem {
  /** The file, when it is one of the file's. */
  file?: string;
  line?: number;
  /** The place in the file, such as `gateway.providers.openai.baseUrl`. */
  path?: string;
  /** The environment variable, when it is one of the environment's. */
  variable?: string;
  reason: string;
  suggestion?: string;
}

/** Stops the start. Its message is for the operator: one line a problem. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function describeProblem({ file, line, path, variable, reason, suggestion }: ConfigProblem): string {
  const place = file === undefined ? '' : line === undefined ? `${file}: ` : `${file}:${line}: `;
  const subject = path ?? variable;
  const sentence = subject === undefined ? reason : `${subject} ${reason}`;
  return `${place}${sentence}.${suggestion === undefined ? '' : ` ${suggestion}`}`;
}
