// The API as another front end calls it: every path, parameter and answer is typed from docs/openapi.json.
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./built/api";

export type Api = Client<paths>;
export type Problem = components["schemas"]["Problem"];

/** What the API refused, in its own words. */
export class ApiProblem extends Error {
  constructor(readonly status: number, readonly problem: Problem) {
    super(`${status} ${problem.code}`);
  }
}

/** `token`: of the person who is signed in; `actingAs`: which of their roles, where they hold several. */
export function connect(baseUrl: string, token: string, actingAs?: string): Api {
  const headers = { Authorization: `Bearer ${token}`, ...(actingAs === undefined ? {} : { "X-Acting-As": actingAs }) };
  return createClient<paths>({ baseUrl, headers });
}

type Answer<T> = { data?: T | undefined; error?: unknown; response: Response };

/** The answer's content; throws ApiProblem where the API refused. */
export function contentOf<T>(answer: Answer<T>): T {
  if (answer.data === undefined) throw new ApiProblem(answer.response.status, answer.error as Problem);
  return answer.data;
}
