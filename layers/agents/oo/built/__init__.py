"""Work of a start that the build of the layer has done already; each part does nothing without its file."""
