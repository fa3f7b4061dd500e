// Uses the generated types as a client would; it is compiled with `tsc --strict` and never run.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Document = components["schemas"]["Document"];
type DocumentKind = components["schemas"]["DocumentKind"];

// Lists are offered in other forms too; this client asks for JSON, and gets it typed.
const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: "http://127.0.0.1:8080",
  // Several values of one parameter stand between commas: `kind=directive,conclusion`.
  querySerializer: { array: { style: "form", explode: false } },
  headers: { Authorization: "Bearer TOKEN" },
});

/** Follows the cursor to the last page. */
export async function directives(): Promise<string[]> {
  const symbols: string[] = [];
  const kind: DocumentKind[] = ["directive", "conclusion"];
  let cursor: string | undefined;
  do {
    const { data, error, response } = await client.GET("/v1/documents", {
      params: { query: { kind, issued_from: "2018-01-01", limit: 200, cursor, sort: "-issued_on,id" } },
    });
    if (error) throw new Error(`${response.status} ${error.code}: ${error.detail}`);
    for (const document of data.data) symbols.push(document.symbol ?? `#${document.id}`);
    cursor = data.page.next ?? undefined;
  } while (cursor);
  return symbols;
}

/** A whole record has all of its fields; what may be unknown is null. */
export async function create(): Promise<Document> {
  const { data, error } = await client.POST("/v1/documents", {
    body: {
      system: "party",
      kind: "conclusion",
      title: "Về tình hình an ninh trật tự",
      numbering_body: { external_key: { system: "reference", key: "tw" } },
      adopted_by: [12, { id: 13 }],
      issued_on: "2018-07-05",
    },
  });
  if (error) {
    // A conflict links to the record that is there; an ambiguous symbol lists the documents that it may mean.
    const known: [number, string][] = [error.existing, ...(error.candidates ?? [])].flatMap((record) =>
      record ? [[record.id, record.type] as [number, string]] : [],
    );
    const faults = error.errors?.map((fault) => `${fault.pointer} ${fault.message}`) ?? [];
    throw new Error([...faults, ...known.map(([id, type]) => `${type} ${id}`)].join("; "));
  }
  const title: string = data.title;
  // A link to what the caller may not see has no number.
  const signer: number | null | undefined = data.signer?.id;
  console.log(title, signer, data.links.history);
  return data;
}

/** A patch clears what is null; the method takes its own content type. */
export async function patch(id: number): Promise<void> {
  const { error } = await client.PATCH("/v1/documents/{id}", {
    params: { path: { id }, query: { dry_run: true }, header: { "If-Match": "*" } },
    body: { note: null, status: "superseded" },
    headers: { "Content-Type": "application/merge-patch+json" },
  });
  if (error) throw new Error(error.title);
}

/** Children are made under their parent. */
export async function takePart(conference: number, person: number): Promise<number> {
  const { data } = await client.POST("/v1/conferences/{id}/participations", {
    params: { path: { id: conference } },
    body: { person, roles: ["chair"] },
  });
  return data?.conference.id ?? 0;
}

// @ts-expect-error: a kind that does not exist is refused by the compiler.
export const wrong: DocumentKind = "memo";
