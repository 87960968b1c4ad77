import { apiUrl } from "../config";

export async function get(path: string): Promise<unknown> {
  const answer = await fetch(`${apiUrl}${path}`);
  return answer.json();
}
