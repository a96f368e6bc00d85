import type { Version } from '../../versions/version.ts';

/** Announces the end of a version: RFC 9745 `Deprecation`, RFC 8594 `Sunset`, and links to where to go. */
export function deprecationHeaders(version: Version): readonly string[] {
  const { deprecation } = version;
  if (!deprecation) return [];
  const headers = ['Deprecation', `@${Date.parse(deprecation.deprecated) / 1000}`];
  if (deprecation.sunset) headers.push('Sunset', new Date(deprecation.sunset).toUTCString());
  headers.push(
    'Link',
    `</docs/changelog>; rel="deprecation"; type="text/html", </docs?version=${deprecation.successor}>; rel="successor-version"; type="text/html"`,
  );
  return headers;
}
