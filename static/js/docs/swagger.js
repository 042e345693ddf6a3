// Starts Swagger UI on the page of the HTTP API.

const place = document.getElementById("swagger");

/** @returns {string | undefined} the value of a cookie of this site */
function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}

globalThis.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  tagsSorter: "alpha",
  persistAuthorization: false,
  // Whoever is signed in on this site may try things out by their session.
  requestInterceptor(request) {
    const token = cookie(place.dataset.csrf);
    if (token && !request.headers.Authorization) request.headers["X-CSRFToken"] = token;
    return request;
  },
});
