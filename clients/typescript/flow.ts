// One flow against the types: a school sends its list, has it read, commits it, and sees who of its people goes where.
import { type Api, contentOf } from "./client";
import type { components } from "./built/api";

type Upload = components["schemas"]["UploadRead"];
type Placement = components["schemas"]["PlacementOut"];
const PAGE = 200;

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Sends a list and waits until it has been read: `in_review`, or `failed` with the reason in `refusal`. */
export async function sendList(api: Api, schoolId: string, file: File): Promise<Upload> {
  const sent = await api.POST("/v1/schools/{school_id}/roster-uploads", {
    params: { path: { school_id: schoolId }, header: { "Idempotency-Key": crypto.randomUUID() } },
    body: { file: file as unknown as string },
    bodySerializer: () => {
      const form = new FormData();
      form.set("file", file);
      return form;
    },
  });
  let upload: Upload = contentOf(sent);
  while (upload.progress !== null) {
    await pause(1000);
    upload = contentOf(await api.GET("/v1/roster-uploads/{upload_id}", { params: { path: { upload_id: upload.id } } }));
  }
  return upload;
}

/** Puts what was read on the school's roster. */
export async function commitList(api: Api, uploadId: string): Promise<Upload> {
  return contentOf(
    await api.POST("/v1/roster-uploads/{upload_id}/commit", {
      params: { path: { upload_id: uploadId }, header: { "Idempotency-Key": crypto.randomUUID() } },
      body: { only_good_rows: false, remove_missing: false, confirm_mass_removal: false },
    }),
  );
}

/** Who goes where in a plan, every page of it. */
export async function listPlacements(api: Api, planId: string): Promise<Placement[]> {
  const placed: Placement[] = [];
  for (;;) {
    const page = contentOf(
      await api.GET("/v1/plans/{plan_id}/placements", {
        params: { path: { plan_id: planId }, query: { limit: PAGE, offset: placed.length } },
      }),
    );
    placed.push(...page.items);
    if (page.items.length === 0 || placed.length >= page.total) return placed;
  }
}
