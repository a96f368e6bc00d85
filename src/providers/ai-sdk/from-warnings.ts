import type { LanguageModelV2CallWarning, SharedV3Warning, SharedV4Warning } from '@ai-sdk/provider';
import { ProviderError } from '../../core/errors.ts';

type Warning = LanguageModelV2CallWarning | SharedV3Warning | SharedV4Warning;

/** A package only warns of what it left out of the request; here that is a refusal, so that another provider is asked. */
export function refuseWarnings(warnings: readonly Warning[] | undefined): void {
  for (const warning of warnings ?? []) {
    const refusal = fromWarning(warning);
    if (refusal) throw refusal;
  }
}

function fromWarning(warning: Warning): ProviderError | undefined {
  switch (warning.type) {
    case 'unsupported':
      return unsupported(warning.feature, warning.details);
    case 'unsupported-setting':
      return unsupported(String(warning.setting), warning.details);
    case 'unsupported-tool':
      return unsupported('tools', warning.details);
    case 'other':
      return leftOut.test(warning.message) ? unsupported(warning.message) : undefined;
    // Done in another way, and nothing was left out; but another effort is not the one that was asked for.
    case 'compatibility':
      return warning.feature === 'reasoning' ? unsupported(warning.feature, warning.details) : undefined;
    case 'deprecated':
      return undefined;
  }
}

const leftOut = /not supported|unsupported|does(?: not|n't) support|ignor|removed|dropped|omitted|skipp|clamped/i;

function unsupported(feature: string, details?: string): ProviderError {
  const parameter = parameterIn(feature);
  return new ProviderError('unsupported_parameter', `the package leaves this out: ${details ?? feature}`, {
    ...(parameter === undefined ? {} : { parameter }),
  });
}

/** What the interface, or a sentence of a package, calls it → the newest request shape's name. */
export function parameterIn(feature: string): string | undefined {
  return parameters.find(([pattern]) => pattern.test(feature))?.[1];
}

const parameters: readonly (readonly [RegExp, string])[] = [
  [/^reasoning$|\breasoning[._ ]?effort\b|\boutput_config\.effort\b|\beffort parameter\b/i, 'reasoningEffort'],
  [/\b(text[._]?)?verbosity\b/i, 'verbosity'],
  [/\btemperature\b/i, 'temperature'],
  [/\btop_?p\b/i, 'topP'],
  [/\btop_?k\b/i, 'topK'],
  [/\bmax_?(output_?|completion_?)?tokens\b/i, 'maxOutputTokens'],
  [/\bstop(_?sequences?)?\b/i, 'stop'],
  [/\bseed\b/i, 'seed'],
  [/\bpresence_?penalty\b/i, 'presencePenalty'],
  [/\bfrequency_?penalty\b/i, 'frequencyPenalty'],
  [/\bparallel_?tool/i, 'parallelToolCalls'],
  [/\btool_?choice\b/i, 'toolChoice'],
  [/\bresponse_?format\b|\bjson schema\b|\bstructured output/i, 'responseFormat'],
  [/\bdimensions\b/i, 'dimensions'],
  [/\bsystem( messages?)?\b|\binstructions\b/i, 'instructions'],
  [/\btools?\b|\btool_?content\b|\bfunction\b|\bstrict\b/i, 'tools'],
  [/\bimages?\b|\bfiles?\b|\bmedia\b/i, 'input'],
];
