import { ApiError } from "@/lib/api-error";
import type { Media } from "@/lib/models";
import { texts } from "@/lib/texts";

interface Answer<T> {
  data?: { status: string; data?: T };
  error?: unknown;
  response: Response;
}

/** The `data` of an answer; an ApiError with the desk's own sentence where there is none. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    if (cause instanceof ApiError) throw cause;
    if (cause instanceof SyntaxError) throw new ApiError(502, "unexpected", texts.errors.unexpected);
    throw new ApiError(0, "network", texts.errors.network);
  });
  if (data !== undefined) return data.data as T;
  const failure = (typeof error === "object" ? error : null) as Partial<ApiError> | null;
  throw new ApiError(
    response.status,
    failure?.code ?? "unexpected",
    failure?.message ?? texts.errors[response.status === 413 ? "tooLarge" : "unexpected"],
    failure?.details,
  );
}

/** So long a slow line may hold what it has taken, and the desk a whole file. */
const STANDSTILL_MS = 120_000;

/**
 * Sends a file's bytes, for as long as they move: of a line that died on the way nobody tells the browser. `fetch`
 * cannot tell how far an upload has come; this can, from 0 to 1.
 */
export function upload(
  path: string,
  body: Blob,
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<Answer<Media>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Content-Type", body.type || "application/octet-stream");
    let standstill: ReturnType<typeof setTimeout> | undefined;
    const awaitMove = () => {
      clearTimeout(standstill);
      standstill = setTimeout(() => request.abort(), STANDSTILL_MS);
    };
    request.upload.onprogress = ({ loaded, total }) => {
      awaitMove();
      onProgress(total ? loaded / total : 0);
    };
    request.onload = () => {
      clearTimeout(standstill);
      const response = new Response(null, { status: request.status });
      try {
        const answer = JSON.parse(request.responseText) as never;
        resolve(response.ok ? { data: answer, response } : { error: answer, response });
      } catch (cause) {
        // A refusal of another server on the way, in words of its own: the same bytes would be refused again.
        return response.ok ? reject(cause as SyntaxError) : resolve({ response });
      }
    };
    request.onerror = request.onabort = () => {
      clearTimeout(standstill);
      // A file that was moved or changed since it was chosen fails in the same way, and would for ever.
      body
        .slice(0, 1)
        .arrayBuffer()
        .then(
          () => reject(new Error("the line was cut")),
          () => reject(new ApiError(410, "file_gone", "")),
        );
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
    awaitMove();
  });
}
