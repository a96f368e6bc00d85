import { type JsonObject, numberIn, objectIn, objectsIn, textIn } from '../wire/json-shape.ts';

/** What somebody said with an interaction; empty when that was nothing. */
export function textOf(interaction: JsonObject): string {
  const data = objectIn(interaction, 'data');
  switch (interaction.type) {
    case 2:
      return textOfCommand(data);
    case 3:
      return textOfComponent(data);
    case 5:
      return valuesIn(objectsIn(data, 'components')).join('\n');
    default:
      return '';
  }
}

function textOfCommand(data: JsonObject | undefined): string {
  switch (numberIn(data, 'type') ?? 1) {
    case 1:
      // A command without words is itself what was said.
      return optionsIn(objectsIn(data, 'options')).join('\n') || `/${textIn(data, 'name') ?? ''}`;
    case 3: {
      const messages = objectIn(objectIn(data, 'resolved'), 'messages');
      return textIn(objectIn(messages, textIn(data, 'target_id') ?? ''), 'content') ?? '';
    }
    default:
      return '';
  }
}

/** The values, in order, also of a command inside a command. */
function optionsIn(options: readonly JsonObject[]): string[] {
  return options.flatMap((option) => {
    const { value } = option;
    if (typeof value === 'string') return [value];
    if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
    return optionsIn(objectsIn(option, 'options'));
  });
}

function textOfComponent(data: JsonObject | undefined): string {
  const values = Array.isArray(data?.values) ? data.values.filter((value) => typeof value === 'string') : [];
  return values.join('\n') || (textIn(data, 'custom_id') ?? '');
}

/** A modal's fields stand in rows, or in labels, which hold one each. */
function valuesIn(components: readonly JsonObject[]): string[] {
  return components.flatMap((component) => {
    const value = textIn(component, 'value');
    if (value !== undefined) return value.trim() === '' ? [] : [value];
    const label = objectIn(component, 'component');
    return valuesIn(label ? [label] : objectsIn(component, 'components'));
  });
}
