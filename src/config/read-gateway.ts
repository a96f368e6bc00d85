/** A config file's settings, checked against the schema, with the environment's values in their places. */
import type { ConfigProblem } from './config-error.ts';
import { type ConfigFile, type GatewayFile, readSchema, schemaFaults } from './contract.ts';
import { type Explanation, explainFaults } from './explain-faults.ts';
import { type MemberLines, memberLines } from './member-lines.ts';
import { placeName } from './place.ts';
import { readConfigFile } from './read-file.ts';
import { substitute } from './substitute.ts';

export interface GatewaySettings {
  /** False when there is no such file. */
  found: boolean;
  /** Absent when the problems leave nothing to go on with. */
  gateway?: GatewayFile;
  problems: ConfigProblem[];
  /** Adds the file and the line to what is found out later. */
  locate(fault: Explanation): ConfigProblem;
}

export function readGateway(file: string, env: NodeJS.ProcessEnv): GatewaySettings {
  const read = readConfigFile(file);
  if (read === undefined) return { found: false, gateway: {}, problems: [], locate: locator(file) };
  if ('problem' in read) return { found: true, problems: [read.problem], locate: locator(file) };

  const lines = memberLines(read.text);
  const locate = locator(file, lines);
  const faults: Explanation[] = lines.duplicates.map(({ path, firstLine, line }) => ({
    path,
    reason: `is given twice, on lines ${firstLine} and ${line}`,
  }));
  const value = substitute(read.value, env, (fault) => faults.push(fault));
  if (faults.length === 0) faults.push(...explainFaults(readSchema, value, schemaFaults(value)));
  if (faults.length > 0) return { found: true, problems: faults.map(locate), locate };
  // The validator has just proved it.
  const { gateway } = value as ConfigFile;
  return { found: true, gateway, problems: [], locate };
}

function locator(file: string, lines?: MemberLines): (fault: Explanation) => ConfigProblem {
  return ({ path, reason, suggestion }) => {
    const line = lines?.lineOf(path);
    return {
      file,
      ...(line === undefined ? {} : { line }),
      ...(path.length === 0 ? { reason: `The file ${reason}` } : { path: placeName(path), reason }),
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  };
}
