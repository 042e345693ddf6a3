"""The deployment: settings, URLs, the ASGI application, the production server."""
