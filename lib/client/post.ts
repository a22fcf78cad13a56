import type { Data } from './client.ts';

/** One POST to a graph. A string is sent as it is, to see what becomes of malformed bodies. */
export async function post(
  url: string,
  body: object | string,
  token?: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; data?: Data; errors?: Data; text: string }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, ...parse(text) };
}

function parse(text: string): object {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
