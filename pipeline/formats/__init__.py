"""One module a file format: bytes in, text and title out. Only ``pipeline.stages.read`` calls them."""
