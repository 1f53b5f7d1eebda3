"""What the server says of itself: an OpenAPI document, made of structs and routes, and a page to read it."""
