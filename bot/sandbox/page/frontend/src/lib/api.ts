import type { Delivered, PullPage, State } from "../types";

export class ApiError extends Error {}

async function read<T>(reply: Response): Promise<T> {
  const body: unknown = await reply.json().catch(() => ({}));
  if (reply.ok) return body as T;
  const said = (body as { error?: string }).error;
  throw new ApiError(said ?? `The sandbox answered ${reply.status}.`);
}

export async function fetchState(query: Record<string, string | null>): Promise<State> {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null);
  return read<State>(await fetch(`/page/api/state?${new URLSearchParams(given)}`));
}

export async function fetchPull(number: number): Promise<PullPage> {
  return read<PullPage>(await fetch(`/page/api/pull/${number}`));
}

export async function send(act: string, body: object): Promise<Delivered> {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return read<Delivered>(await fetch(`/page/api/${act}`, request));
}
