import { snippet } from '../wire/redact.ts';
import type { PackageOptions } from './ai-sdk-options.ts';
import { callable, methodOf } from './callable.ts';
import { findFactory } from './find-factory.ts';
import { importPackage, packageNameOf } from './import-package.ts';
import { UnusablePackage } from './unusable-package.ts';
import { isEmbeddingModel, isLanguageModel, type Specification, specificationOf, type Vendor } from './vendor.ts';

/** The package, set up and looked over; undefined when it is not installed. Throws an `UnusablePackage`. */
export async function loadVendor(options: PackageOptions): Promise<Vendor | undefined> {
  const exported = await importPackage(options.package, options.folders).catch((thrown: unknown) => {
    throw new UnusablePackage(options, 'package', `cannot be loaded: ${told(options, thrown)}`);
  });
  return exported && toVendor(options, setUp(options, exported));
}

export function installCommand({ package: specifier, folders: [folder = '.'] }: PackageOptions): string {
  return `npm install --prefix ${folder} ${packageNameOf(specifier)}`;
}

function setUp(options: PackageOptions, exported: Readonly<Record<string, unknown>>): unknown {
  const create = findFactory(options, exported);
  try {
    // The configuration is frozen, and what a factory does with its own copy is nobody's business.
    return create(structuredClone(options.settings));
  } catch (thrown) {
    throw new UnusablePackage(options, 'settings', `refuses them: ${told(options, thrown)}`);
  }
}

function toVendor(options: PackageOptions, provider: unknown): Vendor {
  const { api } = options;
  const language = methodOf(provider, api ?? 'languageModel') ?? (api === undefined ? callable(provider) : undefined);
  if (!language && api !== undefined)
    throw new UnusablePackage(options, 'api', `has no function \`${api}\` that makes a model.`);
  // The older versions of the interface know the second name only.
  const embedding = methodOf(provider, 'embeddingModel') ?? methodOf(provider, 'textEmbeddingModel');

  const languageModel = (id: string) => checked(options, language?.(id), isLanguageModel);
  const embeddingModel = (id: string) => checked(options, embedding?.(id), isEmbeddingModel);
  const looks = options.models.map((id) => lookAt(options, id, { languageModel, embeddingModel }));
  return {
    languageModel,
    ...(looks.some(({ embeds }) => embeds) ? { embeddingModel } : {}),
    specification: looks[0]?.specification ?? 'v4',
  };
}

/** What can be known of a model without asking anybody. A name may be a language model's, an embedding model's, or both. */
function lookAt(
  options: PackageOptions,
  id: string,
  { languageModel, embeddingModel }: Required<Pick<Vendor, 'languageModel' | 'embeddingModel'>>,
): { specification: Specification; embeds: boolean } {
  const language = attempt(() => languageModel(id));
  const embedding = attempt(() => embeddingModel(id));
  const model = language.value ?? embedding.value;
  if (model) return { specification: model.specificationVersion, embeds: embedding.value !== undefined };
  if (language.thrown instanceof UnusablePackage) throw language.thrown;
  throw new UnusablePackage(options, 'models', `has no model ${id}: ${told(options, language.thrown)}`);
}

function checked<Model>(options: PackageOptions, value: unknown, isModel: (value: unknown) => value is Model): Model {
  if (isModel(value)) return value;
  const version = specificationOf(value);
  throw new UnusablePackage(
    options,
    'package',
    version === undefined
      ? "is not a provider of the AI SDK: it makes no models that follow the SDK's interface."
      : `follows version ${version} of the AI SDK's interface. Install a release of it that follows v2, v3 or v4.`,
  );
}

function attempt<Value>(make: () => Value): { value?: Value; thrown?: unknown } {
  try {
    return { value: make() };
  } catch (thrown) {
    return { thrown };
  }
}

function told({ secrets }: PackageOptions, thrown: unknown): string {
  return snippet(thrown instanceof Error ? thrown.message : String(thrown), secrets);
}
