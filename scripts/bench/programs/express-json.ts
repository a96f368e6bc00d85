/** The bare Express proxy that everybody writes first: stock settings, express.json, undici, res.json. It checks and keeps nothing. */
import { createServer } from 'node:http';
import express from 'express';
import { Pool } from 'undici';
import { listen, readOptions } from './listen.ts';

interface Completion {
  model: string;
  choices: [{ message: { content: string } }];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

function isCompletion(body: unknown): body is Completion {
  return typeof body === 'object' && body !== null && 'choices' in body;
}

const { upstream } = readOptions();
const pool = upstream === '' ? undefined : new Pool(upstream);
const application = express();
application.use(express.json());
application.get('/health', (_request, response) => {
  response.json({ status: 'ok' });
});
application.post('/api/v1/chat', async (request, response) => {
  const { message, model } = request.body;
  const answered = await pool?.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: message }] }),
  });
  const completion: unknown = await answered?.body.json();
  if (!isCompletion(completion)) throw new Error('no completion');
  const { prompt_tokens, completion_tokens, total_tokens } = completion.usage;
  response.json({
    success: true,
    data: {
      message: completion.choices[0].message.content,
      sessionId: 's-1',
      model: completion.model,
      usage: { promptTokens: prompt_tokens, completionTokens: completion_tokens, totalTokens: total_tokens },
    },
    timestamp: new Date().toISOString(),
  });
});

listen(createServer(application));
