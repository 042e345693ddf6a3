import { ApiError } from "./api_error.js";

/**
 * One file as a form. Not by `fetch`, which tells of no progress.
 *
 * @param {object} parts
 * @param {(share: number) => void} parts.progress from 0 to 1
 * @param {AbortSignal} parts.signal
 * @returns {Promise<object>} the attachment; rejects with ApiError
 */
export function sendFile({ url, csrf, file, id, progress, signal }) {
  const form = new FormData();
  form.append("id", id);
  form.append("file", file, file.name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrf);
    request.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      if (request.status === 200 || request.status === 201) resolve(request.response);
      else reject(new ApiError({ status: request.status, ...request.response }));
    };
    request.onerror = request.onabort = () => reject(new ApiError({ status: 0 }));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
