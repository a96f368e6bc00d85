import type {
  EmbeddingModelV2,
  EmbeddingModelV3,
  EmbeddingModelV4,
  LanguageModelV2,
  LanguageModelV3,
  LanguageModelV4,
} from '@ai-sdk/provider';
import { isObject, type JsonObject, textIn } from '../wire/json-shape.ts';

/** A package's models. Making one costs nothing and asks nobody; both throw what the package throws. */
export interface Vendor {
  languageModel(id: string): LanguageModel;
  /** Absent where no configured model is one. */
  embeddingModel?: (id: string) => EmbeddingModel;
  /** Of its language models, or of its embeddings where it has no others. */
  specification: Specification;
}

/** The versions of the SDK's interface that are near enough to each other; the newest is what new packages follow. */
export type LanguageModel = LanguageModelV2 | LanguageModelV3 | LanguageModelV4;
export type EmbeddingModel = EmbeddingModelV2<string> | EmbeddingModelV3 | EmbeddingModelV4;
export type Specification = LanguageModel['specificationVersion'];

const specifications: readonly Specification[] = ['v2', 'v3', 'v4'];

export function isLanguageModel(value: unknown): value is LanguageModel {
  return isKnown(value) && typeof value.doGenerate === 'function' && typeof value.doStream === 'function';
}

export function isEmbeddingModel(value: unknown): value is EmbeddingModel {
  return isKnown(value) && typeof value.doEmbed === 'function';
}

/** As a model says it of itself; undefined when it says nothing. */
export function specificationOf(value: unknown): string | undefined {
  return isObject(value) ? textIn(value, 'specificationVersion') : undefined;
}

function isKnown(value: unknown): value is JsonObject {
  return specifications.some((version) => version === specificationOf(value));
}
