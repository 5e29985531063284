import type { RequestHandler } from "express";
import * as z from "zod";

import { sendError } from "./answer.ts";
import { port } from "./guard.ts";
import type { Access } from "./token.ts";

const BODY = z.strictObject({ key: z.string() });

/**
 * `POST /api/tabs`: a page that was let in says by which key it will be known, and gets the cookie of this start:
 * it has it already, or has proved itself by that key.
 */
export function tab(access: Access): RequestHandler {
  return async (request, response) => {
    const body = BODY.safeParse(request.body);
    if (!body.success || !(await access.tabs.remember(body.data.key))) {
      sendError(response, 400, { code: "usage", message: "not the key of a tab" });
      return;
    }
    response
      .set("Set-Cookie", access.cookie(port(request)))
      .status(204)
      .end();
  };
}
