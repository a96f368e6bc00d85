/** Whether the vendor fetches an image from this address by itself. Its patterns go by kinds of media, such as `image/*`. */
export function readsUrl(supported: Readonly<Record<string, readonly RegExp[]>>, url: string): boolean {
  const address = url.toLowerCase();
  return Object.entries(supported).some(
    ([media, patterns]) =>
      (media === '*' || media === '*/*' || media.toLowerCase().startsWith('image')) &&
      // A pattern with the flag `g` would remember where it stopped.
      patterns.some((pattern) => address.search(pattern) !== -1),
  );
}
