import { ConfigError, loadConfig, redactConfig } from '../config/index.ts';
import { note, print, printJson } from './terminal.ts';

export function validateConfig(file: string | undefined, options: { print?: boolean; json?: boolean }): void {
  try {
    const config = loadConfig(undefined, { start: true, ...(file === undefined ? {} : { file }) });
    const effective = redactConfig(config);
    if (options.json) {
      printJson({ valid: true, file: config.file ?? null, ...(options.print ? { config: effective } : {}) });
      return;
    }
    if (options.print) print(JSON.stringify(effective, null, 2));
    note(
      config.file === undefined ? 'There is no config file; environment and defaults hold.' : `${config.file} holds.`,
    );
  } catch (error) {
    if (!options.json || !(error instanceof ConfigError)) throw error;
    printJson({ valid: false, problems: error.problems });
    process.exitCode = 1;
  }
}
