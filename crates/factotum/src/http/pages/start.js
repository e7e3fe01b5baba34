// Starts the viewers that do not start by themselves.
const swagger = document.getElementById('swagger');
if (swagger) {
  SwaggerUIBundle({ url: swagger.dataset.document, domNode: swagger, deepLinking: true, validatorUrl: null });
}
const redoc = document.getElementById('redoc');
if (redoc) {
  Redoc.init(redoc.dataset.document, {}, redoc);
}
