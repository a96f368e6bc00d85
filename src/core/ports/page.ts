export interface PageRequest {
  limit: number;
  /** Opaque, from the page before. */
  cursor?: string;
}

export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}
