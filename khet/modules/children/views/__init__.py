"""Pages of the children of the service area: figures, papers, files, tracing."""
