/** A message is a list of typed parts. This is the newest shape; older versions map to and from it at the edge. */
export type Part = TextPart | ImagePart | ToolCallPart | ToolResultPart;

export interface TextPart {
  type: 'text';
  text: string;
}

/** An image by URL, or inline as base64 with its media type. Exactly one of `url` and `data` is there. */
export interface ImagePart {
  type: 'image';
  url?: string;
  data?: string;
  mediaType?: MediaType;
  /** What the picture shows, for readers who cannot see it: older versions read this. */
  description?: string;
  /** How closely it is looked at; absent leaves it to the provider. */
  detail?: 'low' | 'high';
}

export type MediaType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

export interface ToolCallPart {
  type: 'tool_call';
  id: string;
  name: string;
  /** JSON text exactly as the model produced it; it may be invalid. */
  arguments: string;
}

export interface ToolResultPart {
  type: 'tool_result';
  toolCallId: string;
  content: string;
  /** What it shows beside the text. */
  images?: ImagePart[];
  status?: 'completed' | 'failed' | 'cancelled';
}

export type Role = 'user' | 'assistant';

export interface Message {
  id: string;
  role: Role;
  parts: Part[];
  createdAt: number;
  runId?: string;
  model?: string;
}

/** All text of a message, in order. */
export function textOf(parts: readonly Part[]): string {
  let text = '';
  for (const part of parts) if (part.type === 'text') text += part.text;
  return text;
}
