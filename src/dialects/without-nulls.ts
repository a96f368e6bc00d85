type Given<Members> = { [Name in keyof Members]?: NonNullable<Members[Name]> };

/** What is null says what absence says, everywhere in OpenAI's API. */
export function withoutNulls<Members extends object>(members: Members): Given<Members> {
  const given: Given<Members> = {};
  for (const name in members) {
    const value = members[name];
    if (value !== null && value !== undefined) given[name] = value;
  }
  return given;
}
